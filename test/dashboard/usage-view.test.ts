import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { findAxeFaults } from "./support/axe.ts";
import { describePage } from "./support/browser.ts";
import { type FakeDashboard, startFakeDashboard } from "./support/fake-dashboard.ts";
import { createRequest, hostileTexts } from "./support/sample-requests.ts";
import { waitUntil } from "./support/wait-until.ts";

const noonMs = (day: string) => Date.parse(`${day}T12:00:00Z`);

/** A cheap model with a price, a dear one, and one without. */
const requests = [
  createRequest({ seq: 1, timeMs: noonMs("2026-11-27"), model: "glm-4.6", costUsd: 0.25, firstByteMs: 500 }),
  createRequest({
    seq: 2,
    timeMs: noonMs("2026-11-29"),
    model: "gpt-5.2-codex",
    costUsd: 2,
    firstByteMs: 1500,
  }),
  createRequest({
    seq: 3,
    timeMs: noonMs("2026-11-29") + 1,
    model: hostileTexts.html,
    costUsd: null,
    costSource: null,
    firstByteMs: null,
    estimateErrorPercent: -8,
  }),
];

/** The texts of a table's cells, row by row. */
function readTable(page: Page, name: string): Promise<string[][]> {
  return page
    .getByRole("region", { name })
    .locator("tr")
    .evaluateAll((rows) =>
      rows.map((row) => [...row.children].map((cell) => (cell.textContent ?? "").trim())),
    );
}

describePage("the view of what was used", (pages) => {
  let dashboard: FakeDashboard;
  beforeAll(() => {
    dashboard = startFakeDashboard({ count: 0 });
    dashboard.requests.push(...requests);
  });
  afterAll(() => dashboard?.stop());

  async function openUsage(settings: string, width = 1440) {
    const page = await pages.open({ width });
    await page.goto(`${dashboard.origin}/dashboard#/usage${settings}`);
    await page.locator(".uplot canvas").first().waitFor();
    return page;
  }

  test("has each model's numbers, the most expensive first, and an unknown cost as such", async () => {
    const page = await openUsage("?by=model");
    expect(await readTable(page, "Table of the numbers by model")).toEqual([
      [
        "Model",
        "Cost ▼",
        "Requests",
        "Errors",
        "Prompt",
        "Cached",
        "Output",
        "First byte, median",
        "First byte, worst",
      ],
      ["gpt-5.2-codex", "$2.00", "1", "0", "55.2k", "98%", "340", "1.50 s", "1.50 s"],
      ["glm-4.6", "$0.25", "1", "0", "55.2k", "98%", "340", "500 ms", "500 ms"],
      [hostileTexts.html, "?", "1", "0", "55.2k", "98%", "340", "?", "?"],
    ]);
    await page.getByText("1 answer has no known cost, which is not zero").waitFor();
    expect(await page.title()).toBe("Usage · claude-proxy");
  });

  test("has a day without requests in its chart, and says the chart in words", async () => {
    const page = await openUsage("?by=day");
    await page
      .getByRole("figure", { name: "Cost by day" })
      .getByText("3 bars; the highest is 2026-11-29 with $2.00. The table has every number.")
      .waitFor();
    const sums = dashboard.asked.filter((asked) => asked.startsWith("/dashboard/api/usage?by=day"));
    expect(sums[0]).toBe("/dashboard/api/usage?by=day&filter=since%3A7d");
  });

  test("is sorted with the keyboard, and says so", async () => {
    const page = await openUsage("?by=model&range=all");
    const head = page.getByRole("columnheader", { name: "First byte, worst" });
    await head.getByRole("button").focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    expect(await head.getAttribute("aria-sort")).toBe("ascending");
    const names = (await readTable(page, "Table of the numbers by model")).map(([name]) => name);
    expect(names).toEqual(["Model", "glm-4.6", "gpt-5.2-codex", hostileTexts.html]);
    expect(dashboard.asked.at(-1)).not.toContain("since");
  });

  test("is copied as CSV, and leads to the requests behind a number", async () => {
    const page = await openUsage("?by=model&range=14d");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy as CSV" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const lines = String(await page.evaluate("navigator.clipboard.readText()")).split("\r\n");
    expect(lines[1]).toBe("gpt-5.2-codex,1,0,55200,54000,0,340,120,2,0,1500,1500");
    expect(lines[3]?.endsWith(",1,0,55200,54000,0,340,120,,1,,")).toBe(true);
    await page.getByRole("link", { name: "glm-4.6" }).click();
    await page.getByRole("heading", { level: 1, name: "Requests" }).waitFor();
    const { hash } = new URL(page.url());
    expect(new URLSearchParams(hash.split("?")[1]).get("filter")).toBe("model:glm-4.6 since:14d");
  });

  test("shows the CSV, selected, where the browser lets nobody copy", async () => {
    const page = await openUsage("?by=model");
    await page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))");
    await page.getByRole("button", { name: "Copy as CSV" }).click();
    await page.getByRole("textbox", { name: "Copy as CSV: copy it with Ctrl+C" }).waitFor();
    // It is selected once it is drawn.
    await page.waitForFunction("getSelection().toString() !== ''");
    expect(String(await page.evaluate("getSelection().toString()")).split("\n")[1]).toBe(
      "gpt-5.2-codex,1,0,55200,54000,0,340,120,2,0,1500,1500",
    );
  });

  test("says how far estimates were off", async () => {
    const page = await openUsage("");
    await page
      .getByText("Of the latest 3 requests: half are off by 1.3% or less, the worst by 8.0%.")
      .waitFor();
    await page.getByText("The same as a table").click();
    const rows = await readTable(page, "Table of estimates");
    expect(rows.map(([, , , off]) => off)).toEqual(["Off by", "−8.0%", "+1.3%", "+1.3%"]);
  });

  test("draws nothing that the page's policy forbids, in the colours of the theme, as wide as there is room", async () => {
    const page = await openUsage("", 360);
    const widthPx = async () => (await page.locator(".uplot").first().boundingBox())?.width ?? 0;
    const narrowPx = await widthPx();
    expect(narrowPx).toBeGreaterThan(200);
    expect(narrowPx).toBeLessThanOrEqual(360);
    await page.setViewportSize({ width: 900, height: 900 });
    await waitUntil(page, `document.querySelector(".uplot").clientWidth > ${narrowPx + 50}`);
    const pixels = `(() => {
      const canvas = document.querySelector(".uplot canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      let blue = 0;
      for (let at = 0; at < data.length; at += 4) {
        if (data[at] === COLOUR[0] && data[at + 1] === COLOUR[1] && data[at + 2] === COLOUR[2]) blue++;
      }
      return blue;
    })()`;
    await waitUntil(page, `${pixels.replaceAll("COLOUR", "[11, 98, 176]")} > 100`);
    await page.emulateMedia({ colorScheme: "dark" });
    await waitUntil(page, `${pixels.replaceAll("COLOUR", "[111, 177, 245]")} > 100`);
  });

  test("says the numbers of the bar that is pointed at", async () => {
    const page = await openUsage("?by=model");
    const chart = page.getByRole("figure", { name: "Cost by model" });
    const over = await chart.locator(".u-over").boundingBox();
    if (over === null) throw new Error("The chart has no place for the pointer.");
    await page.mouse.move(over.x + 20, over.y + over.height / 6);
    await chart.getByText("gpt-5.2-codex: $2.00").waitFor();
    await page.mouse.move(over.x + 20, over.y + (over.height * 5) / 6);
    await chart.getByText(": not known").waitFor();
  });

  test.each(["light", "dark"] as const)("has nothing that axe complains of (%s)", async (colorScheme) => {
    const page = await pages.open({ colorScheme });
    await page.goto(`${dashboard.origin}/dashboard#/usage?by=kind`);
    await page.locator(".uplot canvas").first().waitFor();
    await page.getByText("The same as a table").click();
    expect(await findAxeFaults(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  });

  test("says that there is nothing", async () => {
    const own = startFakeDashboard({ count: 0 });
    const page = await pages.open();
    await page.goto(`${own.origin}/dashboard#/usage`);
    await page.getByText("Nothing was recorded in this time.").waitFor();
    own.now.record = null;
    await page.getByText("Set RECORD=on and start the proxy again").waitFor();
    await own.stop();
  });
});
