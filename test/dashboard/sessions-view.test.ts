import { afterAll, beforeAll, expect, test } from "bun:test";
import type { ListedRequest } from "../../src/record/record-reader.ts";
import { findAxeFaults } from "./support/axe.ts";
import { describePage } from "./support/browser.ts";
import { type FakeDashboard, startFakeDashboard } from "./support/fake-dashboard.ts";
import { createRequest, hostileTexts } from "./support/sample-requests.ts";

const session = "5e550001-0000-4000-8000-000000000001";
const startMs = Date.parse("2026-11-30T02:00:00Z");

/** One after the other, a minute apart: the main conversation, an agent, one that it started, and an orphan. */
const requests: ListedRequest[] = [
  { sessionId: "5e550000-0000-4000-8000-000000000001", client: null },
  { sessionId: session, costUsd: 0.5 },
  { sessionId: session, agentId: "aaaaaaaa-1", agentType: "Explore", costUsd: null, costSource: null },
  {
    sessionId: session,
    agentId: "bbbbbbbb-2",
    parentAgentId: "aaaaaaaa-1",
    agentType: hostileTexts.html,
    window: 60_000,
  },
  { sessionId: session, agentId: "cccccccc-3", parentAgentId: "gone", agentType: "code-reviewer" },
].map((changes, index) => createRequest({ seq: index + 1, timeMs: startMs + index * 60_000, ...changes }));

describePage("the view of sessions", (pages) => {
  let dashboard: FakeDashboard;
  beforeAll(() => {
    dashboard = startFakeDashboard({ count: 0 });
    dashboard.requests.push(...requests);
  });
  afterAll(() => dashboard?.stop());

  async function openSessions(settings = "") {
    const page = await pages.open();
    await page.goto(`${dashboard.origin}/dashboard#/sessions${settings}`);
    await page.getByText("Main conversation").first().waitFor();
    return page;
  }

  test("has each session's sums in a line, the newest first", async () => {
    const page = await openSessions();
    expect(await page.locator(".session-line").allTextContents()).toEqual([
      "5e550001laptop2026-11-30 02:01:00 for 3 min 0 s4 requests$0.52 + ?4 agents",
      "5e5500002026-11-30 02:00:00 for 0 ms1 request$0.0123",
    ]);
    expect(dashboard.asked).toContain("/dashboard/api/sessions?filter=since%3A7d&limit=30");
  });

  test("has agents below those that started them, and those without a known parent beside them", async () => {
    const page = await openSessions();
    const nameOf = (place: string) => page.locator(`${place} > .agent > .agent-name`).allTextContents();
    expect(await nameOf(".agents > li")).toEqual(["Main conversation ", "code-reviewer cccccccc"]);
    expect(await nameOf(".agents > li > ul > li")).toEqual(["Explore aaaaaaaa"]);
    expect(await nameOf(".agents > li > ul > li > ul > li")).toEqual([`${hostileTexts.html} bbbbbbbb`]);
    expect(await page.title()).toBe("Sessions · claude-proxy");
  });

  test("has the fill of each context against the true window, and says what is not known", async () => {
    const page = await openSessions();
    const lines = await page.locator(".agent").allTextContents();
    expect(lines.map((line) => line.slice(line.indexOf("glm-4.6")))).toEqual([
      "glm-4.61 request in 0 ms$0.5055.5k of 200k (28%)",
      "glm-4.61 request in 0 ms?55.5k of 200k (28%)",
      "glm-4.61 request in 0 ms$0.012355.5k of 60.0k (93%)",
      "glm-4.61 request in 0 ms$0.012355.5k, window not known",
    ]);
    const meter = page.getByRole("meter", { name: "Context of Explore" });
    expect(Number(await meter.getAttribute("value"))).toBeCloseTo(55_540 / 200_000, 6);
  });

  test("is opened and closed with the keyboard, and stays so when it is asked again", async () => {
    const page = await openSessions();
    const sessions = page.locator(".sessions > li > details");
    const areOpen = () => sessions.evaluateAll((all) => all.map((details) => details.hasAttribute("open")));
    await sessions.last().locator("summary").focus();
    await page.keyboard.press("Enter");
    await sessions.last().getByText("Main conversation").waitFor();
    await sessions.first().locator("summary").focus();
    await page.keyboard.press("Enter");
    await sessions.first().getByText("Main conversation").waitFor({ state: "detached" });
    dashboard.requests.push(
      createRequest({ seq: 9, timeMs: startMs + 600_000, sessionId: session, status: 529 }),
    );
    await page.getByText("1 error", { exact: true }).waitFor();
    expect(await areOpen()).toEqual([false, true]);
  });

  test.each([
    ["Main conversation", `session:${session} -agent:*`],
    ["Explore", `session:${session} agent:aaaaaaaa-1`],
    ["All its requests", `session:${session}`],
  ])("leads from %s to its requests", async (name, filter) => {
    const page = await openSessions("?range=24h");
    await page.getByRole("link", { name }).first().click();
    await page.getByRole("heading", { level: 1, name: "Requests" }).waitFor();
    const { hash } = new URL(page.url());
    expect(new URLSearchParams(hash.split("?")[1]).get("filter")).toBe(filter);
  });

  test.each(["light", "dark"] as const)("has nothing that axe complains of (%s)", async (colorScheme) => {
    const page = await pages.open({ colorScheme, width: 360 });
    await page.goto(`${dashboard.origin}/dashboard#/sessions?range=all`);
    await page.getByText("Main conversation").first().waitFor();
    expect(await findAxeFaults(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  });

  test("says that there is none", async () => {
    const own = startFakeDashboard({ count: 0 });
    const page = await pages.open();
    await page.goto(`${own.origin}/dashboard#/sessions`);
    await page.getByText("No session was recorded in this time.").waitFor();
    own.now.record = null;
    await page.getByText("Set RECORD=on and start the proxy again").waitFor();
    await own.stop();
  });
});
