import { afterEach, beforeEach, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { soonMs } from "../support/soon-ms.ts";
import { findAxeFaults } from "./support/axe.ts";
import { describePage, waitForValue } from "./support/browser.ts";
import { endMs, type FakeDashboard, startFakeDashboard } from "./support/fake-dashboard.ts";
import { createRequest } from "./support/sample-requests.ts";

describePage("the list of requests", (pages) => {
  let dashboard: FakeDashboard;
  let page: Page;
  beforeEach(async () => {
    dashboard = startFakeDashboard({ count: 500 });
    page = await pages.open();
  });
  afterEach(() => dashboard.stop());

  const rows = () => page.locator(".grid-row.entry");
  const openList = async (hash = "#/requests") => {
    await page.goto(`${dashboard.origin}/dashboard${hash}`);
    await rows().first().waitFor();
  };
  const focusedId = () => page.evaluate<string | null>("document.activeElement.dataset.id ?? null");
  const waitForFocus = (id: string) => waitForValue(focusedId, id);
  const waitForHash = (hash: string) => waitForValue(() => page.evaluate("location.hash"), hash);

  test("shows the newest first, with what it cost, and `?` where that is not known", async () => {
    dashboard.requests.splice(
      0,
      dashboard.requests.length,
      createRequest({ seq: 1, timeMs: endMs - 1000, costUsd: null, costSource: null, kind: "title" }),
      createRequest({ seq: 2, timeMs: endMs, sends: 2 }),
    );
    await openList();
    const texts = (index: number) => rows().nth(index).locator(".cell").allTextContents();
    const cells = [await texts(0), await texts(1)];
    const common = ["claude-opus-4-6 → glm-4.6", "55.2k → 340", "98%"];
    expect(cells.map(([time = "", ...others]) => [time.slice(-8), ...others])).toEqual([
      ["03:04:05", "200", "main", ...common, "$0.0123", "820 ms", "6.40 s", "2 sends"],
      ["03:04:04", "200", "title", ...common, "?", "820 ms", "6.40 s", ""],
    ]);
  });

  test("is asked for before anything else, and once", async () => {
    await openList("#/requests?filter=is:error");
    await waitForValue(
      async () => dashboard.asked.filter((path) => path.includes("/api/now")).length > 1,
      true,
    );
    const asked = dashboard.asked.filter((path) => path.startsWith("/dashboard/api/"));
    const list = "/dashboard/api/requests?filter=is%3Aerror&limit=100";
    expect(asked.filter((path) => !path.includes("after=")).slice(0, 2)).toEqual([
      list,
      "/dashboard/api/now",
    ]);
    expect(asked.filter((path) => path === list)).toHaveLength(1);
  });

  test("is waited for by a page that is there already, if it takes its time", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    dashboard.listing.gate = promise;
    await page.goto(`${dashboard.origin}/dashboard`);
    await page.getByText("Loading…").waitFor();
    resolve();
    await rows().first().waitFor();
  });

  test("runs no code of charts before they are shown", async () => {
    await page.addInitScript(
      `const { matchMedia } = window;
      window.asked = [];
      window.matchMedia = (query) => (window.asked.push(query), matchMedia.call(window, query));`,
    );
    // uPlot asks for the density of the screen as soon as it is run.
    const runsCharts = () => page.evaluate("window.asked.some((query) => query.includes('resolution'))");
    await openList();
    expect(await runsCharts()).toBe(false);
    await page.keyboard.press("4");
    await page.locator(".uplot canvas").first().waitFor();
    expect(await runsCharts()).toBe(true);
  });

  test("is walked with the keyboard alone, into an exchange and back to the same row", async () => {
    await openList();
    await page.keyboard.press("j");
    await waitForFocus("req_000500");
    await page.keyboard.press("j");
    await page.keyboard.press("ArrowDown");
    await waitForFocus("req_000498");
    await page.keyboard.press("k");
    await waitForFocus("req_000499");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/dashboard#/requests/req_000499");
    await page.getByRole("heading", { level: 1, name: "req_000499" }).waitFor();
    await page.keyboard.press("Escape");
    await waitForFocus("req_000499");
    expect(new URL(page.url()).hash).toBe("#/requests");
  });

  test("has only the rows in sight, and asks for older ones where somebody scrolls", async () => {
    await openList();
    await page.keyboard.press("j");
    // Each time the end is where the last answer ended.
    const until = Date.now() + soonMs;
    while ((await focusedId()) !== "req_000001" && Date.now() < until) await page.keyboard.press("End");
    expect(await focusedId()).toBe("req_000001");
    expect(dashboard.asked.filter((path) => path.includes("before="))).toHaveLength(5);
    expect(await rows().count()).toBeLessThan(80);
  });

  test("keeps its filter in the address, and says what is wrong with one", async () => {
    await openList();
    await page.keyboard.press("/");
    await page.keyboard.type("is:error jk?");
    await page.getByText("No request fits this filter.").waitFor();
    await page.getByRole("textbox", { name: "Filter" }).fill("is:error");
    await waitForHash("#/requests?filter=is%3Aerror");
    await waitForValue(() => page.locator(".entry:not(.failed)").count(), 0);
    await page.reload();
    await rows().first().waitFor();
    expect(await page.getByRole("textbox", { name: "Filter" }).inputValue()).toBe("is:error");
    await page.getByRole("textbox", { name: "Filter" }).fill("wrong:one");
    await page.getByRole("alert").getByText("“wrong:one” is no part of the filter language.").waitFor();
    expect(await rows().count()).toBeGreaterThan(0);
    await page.getByRole("button", { name: "Retried" }).click();
    await waitForHash("#/requests?filter=is%3Aretried");
    await page.getByRole("alert").waitFor({ state: "detached" });
  });

  test("says what a search left out, as sessions and sums do", async () => {
    dashboard.missing.note = "Only the messages of the latest 300 requests were searched.";
    await page.goto(`${dashboard.origin}/dashboard#/requests?filter=nothing-has-this`);
    await page.getByRole("status").getByText("Only the messages of the latest 300").waitFor();
    await page.getByText("So far no request fits this filter.").waitFor();
    for (const view of ["sessions", "usage"]) {
      await page.goto(`${dashboard.origin}/dashboard#/${view}`);
      await page.getByRole("heading", { level: 1, name: view }).waitFor();
      await page.getByRole("status").getByText("Only the messages of the latest 300").waitFor();
    }
  });

  test("shows new ones at once at the top, and waits with them further down", async () => {
    await openList();
    dashboard.requests.push(createRequest({ seq: 501, timeMs: endMs + 1 }));
    await page.locator("[data-id=req_000501]").waitFor();
    await page.locator(".grid-body").evaluate((box) => {
      box.scrollTop = 400;
    });
    const failed = { status: 529, errorType: "overloaded_error", errorMessage: "too much" } as const;
    dashboard.requests.push(createRequest({ seq: 502, timeMs: endMs + 2, ...failed }));
    const button = page.getByRole("button", { name: "1 new" });
    await button.waitFor();
    expect(await page.locator("[aria-live=polite]").textContent()).toBe(
      "1 new with an error: overloaded_error: too much",
    );
    await button.click();
    await page.locator("[data-id=req_000502]").waitFor();
    expect(await page.locator(".grid-body").evaluate((box) => box.scrollTop)).toBe(0);
  });

  test("asks for nothing while nobody sees it", async () => {
    await openList();
    await page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })");
    // A question that is on its way is not taken back, and each pause ends once.
    await Bun.sleep(2500);
    const before = dashboard.asked.length;
    await Bun.sleep(4500);
    expect(dashboard.asked.length).toBe(before);
    dashboard.requests.push(createRequest({ seq: 501, timeMs: endMs + 1 }));
    await page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))");
    await page.locator("[data-id=req_000501]").waitFor();
  });

  test("says how to turn the record on", async () => {
    dashboard.requests.splice(0);
    dashboard.now.record = null;
    await page.goto(`${dashboard.origin}/dashboard`);
    await page.getByRole("main").getByText("Nothing is recorded, as RECORD=off is set.").waitFor();
    expect(await findAxeFaults(page)).toEqual([]);
  });

  test("says what a request cost on a telephone too, and gives a failed one's place to its error", async () => {
    await page.setViewportSize({ width: 360, height: 800 });
    const failed = { status: 529, errorType: "overloaded_error", errorMessage: "too much" } as const;
    dashboard.requests.push(
      createRequest({ seq: 501, timeMs: endMs + 1 }),
      createRequest({
        seq: 502,
        timeMs: endMs + 2,
        ...failed,
        inputTokens: null,
        outputTokens: null,
        costUsd: null,
      }),
    );
    await openList();
    const cell = (id: string, name: string) => page.locator(`[data-id=${id}] .cell.${name}`);
    expect(await cell("req_000501", "cost").isVisible()).toBe(true);
    expect(await cell("req_000501", "cost").textContent()).toBe("$0.0123");
    expect(await cell("req_000502", "cost").isVisible()).toBe(false);
    expect(await cell("req_000502", "error").isVisible()).toBe(true);
  });

  test.each([360, 1000, 2560])(
    "axe finds nothing at %d pixels, and the page does not scroll aside",
    async (width) => {
      await page.setViewportSize({ width, height: 800 });
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await openList("#/requests?filter=is:error");
        await page.keyboard.press("j");
        expect(await findAxeFaults(page)).toEqual([]);
        expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      }
    },
  );

  test("hostile names and errors are texts", async () => {
    dashboard.requests.splice(0, 400);
    await openList("#/requests?filter=status:>=500");
    await page.getByText("␛[31mred␛[0m␇").first().waitFor();
    await openList("#/requests?filter=onerror");
    await page.getByText("<img src=x onerror=").first().waitFor();
    await page.getByText("invoice⟨202E⟩fdp.exe").first().waitFor();
    expect(await page.locator("main img, main script").count()).toBe(0);
    expect(await page.title()).toBe("Requests · claude-proxy");
    expect(await focusedId()).toBe(null);
  });
});
