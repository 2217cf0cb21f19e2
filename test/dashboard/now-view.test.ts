import { afterAll, beforeAll, expect, test } from "bun:test";
import { findAxeFaults } from "./support/axe.ts";
import { describePage } from "./support/browser.ts";
import { endMs, type FakeDashboard, startFakeDashboard } from "./support/fake-dashboard.ts";
import { createRequest, hostileTexts } from "./support/sample-requests.ts";

const failure = {
  status: 529,
  errorType: "overloaded_error",
  errorMessage: "the model is overloaded",
} as const;

describePage("the view of what runs now", (pages) => {
  let dashboard: FakeDashboard;
  beforeAll(() => {
    dashboard = startFakeDashboard({ count: 0 });
    dashboard.requests.push(
      createRequest({ seq: 1, timeMs: endMs - 60_000 }),
      createRequest({ seq: 2, timeMs: endMs, ...failure, model: hostileTexts.html }),
    );
  });
  afterAll(() => dashboard?.stop());

  async function openNow() {
    const page = await pages.open();
    await page.goto(`${dashboard.origin}/dashboard#/now`);
    await page.getByRole("heading", { name: "Record" }).waitFor();
    return page;
  }

  test("says what runs, and how fast it is answered", async () => {
    const page = await openNow();
    const rows = page.getByRole("region", { name: "Table of running requests" }).locator("tbody tr");
    expect(await rows.allTextContents()).toEqual([
      "glm-4.6 at zai, asked for claude-opus-4-6main, laptop, session 5e5500244.20 s900 ms4.2 kB",
      "glm-4.6 at zai, asked for claude-opus-4-6Explore, laptop, session 5e550024700 mswaiting0 B",
    ]);
    const [first] = dashboard.now.running;
    if (first === undefined) throw new Error("Nothing runs.");
    const { running } = dashboard.now;
    dashboard.now.running = [{ ...first, elapsedMs: 6200, answerBytes: 8200 }];
    await page.getByRole("cell", { name: "2.0 kB/s" }).waitFor();
    dashboard.now.running = [];
    await page.getByRole("heading", { name: "Nothing runs" }).waitFor();
    dashboard.now.running = running;
  });

  test("shows budgets as meters, with what was spent and when they end", async () => {
    const page = await openNow();
    const budget = page.getByRole("listitem").filter({ hasText: "day of everybody" });
    expect(await budget.textContent()).toBe("day of everybody$8.20 of $10.00 (82%)until 2026-11-30 23:04:05");
    const meter = page.getByRole("meter", { name: "Spent of the budget day of everybody" });
    expect(await meter.getAttribute("value")).toBe("0.82");
    dashboard.now.budgets = [{ name: "day of web-team", spentUsd: 11, limitUsd: 10, endsMs: null }];
    await page.getByText("$11.00 of $10.00: used up, requests are refused").waitFor();
  });

  test("counts the last minutes, and adds what is new", async () => {
    const page = await openNow();
    await page.getByText("2 requests, 1 of them failed.").waitFor();
    dashboard.requests.push(createRequest({ seq: 3, timeMs: endMs + 1000 }));
    await page.getByText("3 requests, 1 of them failed.").waitFor();
    const questions = dashboard.asked.filter((asked) => asked.includes("since%3A30m"));
    expect(questions.at(-1)?.endsWith("&after=2") || questions.at(-1)?.endsWith("&after=3")).toBe(true);
  });

  test("counts more requests than the server lists at once", async () => {
    const own = startFakeDashboard({ count: 0 });
    for (let seq = 1; seq <= 1200; seq++)
      own.requests.push(createRequest({ seq, timeMs: endMs - (1200 - seq) * 1000 }));
    const page = await pages.open();
    await page.goto(`${own.origin}/dashboard#/now`);
    await page.getByText("1200 requests, none of them failed.").waitFor();
    await own.stop();
  });

  test("leads from an error to its request, and says a new one to those who do not see it", async () => {
    const page = await openNow();
    const errors = page.locator(".errors");
    expect(await errors.locator("li").allTextContents()).toEqual([
      `2026-11-30 03:04:05 · 529 overloaded_error · ${hostileTexts.html}the model is overloaded`,
    ]);
    dashboard.requests.push(
      createRequest({ seq: 4, timeMs: endMs + 2000, ...failure, errorMessage: hostileTexts.bidi }),
    );
    await page
      .locator("[aria-live=polite]")
      .getByText(/New error: invoice/)
      .waitFor({ state: "attached" });
    await errors.getByText("invoice⟨202E⟩fdp.exe").waitFor();
    expect(await page.title()).toBe("Now · claude-proxy");
    await errors.getByRole("link").first().focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/#\/requests\/req_000004$/);
  });

  test("says how it stands with the record", async () => {
    const page = await openNow();
    const term = (name: string) =>
      page
        .locator(".record-facts > div")
        .filter({ has: page.getByText(name, { exact: true }) })
        .locator("dd");
    expect(await term("File").textContent()).toBe("/home/user/.local/state/claude-proxy/record.sqlite");
    expect(await term("Could not be written").textContent()).toBe("none");
    dashboard.now.record = { path: "/r", backlog: 12, lost: 3, fault: "The disk is full.", shared: null };
    await page.getByRole("main").getByText("The disk is full.").waitFor();
    expect([
      await term("Not written yet").textContent(),
      await term("Could not be written").textContent(),
    ]).toEqual(["12", "3"]);
    dashboard.now.record = null;
    await page.getByText("Nothing is recorded, so only what runs now can be shown.").waitFor();
    expect(await page.getByRole("heading", { name: "Last errors" }).count()).toBe(0);
  });

  test.each(["light", "dark"] as const)("has nothing that axe complains of (%s)", async (colorScheme) => {
    const own = startFakeDashboard({ count: 60 });
    const page = await pages.open({ colorScheme, width: 360 });
    await page.goto(`${own.origin}/dashboard#/now`);
    await page.locator(".errors li").first().waitFor();
    expect(await findAxeFaults(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    await own.stop();
  });
});
