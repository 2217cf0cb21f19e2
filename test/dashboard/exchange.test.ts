import { afterEach, beforeEach, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { findAxeFaults } from "./support/axe.ts";
import { describePage, waitForValue } from "./support/browser.ts";
import { endMs, type FakeDashboard, startFakeDashboard } from "./support/fake-dashboard.ts";
import { createClientRequest } from "./support/sample-bodies.ts";
import { createRequest } from "./support/sample-requests.ts";

describePage("one exchange", (pages) => {
  let dashboard: FakeDashboard;
  let page: Page;
  beforeEach(async () => {
    dashboard = startFakeDashboard({ count: 60 });
    page = await pages.open();
  });
  afterEach(() => dashboard.stop());

  const main = () => page.getByRole("main");
  const openExchange = async (id: string) => {
    await page.goto(`${dashboard.origin}/dashboard#/requests/${id}`);
    await page.getByRole("heading", { level: 2, name: "Messages" }).waitFor();
  };
  const choose = (role: "tab" | "button", name: string) =>
    page.getByRole(role, { name, exact: true }).click();

  test("from the list to why a request failed, and what broke the cache", async () => {
    await page.goto(`${dashboard.origin}/dashboard`);
    await choose("button", "Errors");
    // The list without a filter has such errors, too.
    await waitForValue(() => page.locator(".entry").count(), 3);
    const chosen = () => page.locator(".entry[aria-selected=true]").getAttribute("data-id");
    await page.keyboard.press("j");
    const first = await chosen();
    await page.keyboard.press("j");
    await waitForValue(async () => (await chosen()) === first, false);
    await waitForValue(chosen, "req_000046");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "req_000046" }).waitFor();
    await page.getByRole("heading", { level: 2, name: "Messages" }).waitFor();
    const said = await main().textContent();
    for (const sentence of [
      "✕ 529 overloaded_error: deepseek answered 503: the model is overloaded, try again later. (phase http)",
      "The client asked for claude-opus-4-6. routes.opus chose gpt-5.2-codex at openrouter, as family zai, on the wire “responses”.",
      "max_tokens lowered to 65536",
      "Broken: tool 4 (tools[3]) is not as in the turn before. Only the first 18,400 of its 214,000 bytes are the same;",
    ]) {
      expect(said).toContain(sentence);
    }
    const cellsOf = (index: number) =>
      page.locator(".attempts tbody tr").nth(index).locator("th, td").allTextContents();
    expect(await cellsOf(0)).toEqual(["zai/glm-4.6", "1", "✕ 429", "210 ms", ""]);
    expect(await cellsOf(1)).toEqual(["zai/glm-4.6", "2", "✕ timed out", "30.0 s", ""]);
    expect(await cellsOf(2)).toEqual(["deepseek/deepseek-v4-pro", "", "✕ 503", "450 ms", ""]);
  });

  test("the conversation, its tools, and the answer that was streamed", async () => {
    await openExchange("req_000010");
    const messages = await page.locator(".message h3").allTextContents();
    expect(messages).toEqual(["System prompt", "User", "Assistant", "User", "Answer"]);
    const answer = page.locator(".message.answer");
    await answer.getByText("The build fails because of <img src=x").waitFor();
    await answer.getByText('"command": "bun test"').waitFor();
    await answer.getByText("Thinking").click();
    await answer.getByText("The import is wrong.").waitFor();
  });

  test("the raw messages beside each other, and a stream as its events", async () => {
    await openExchange("req_000010");
    await choose("tab", "Raw messages");
    await choose("button", "Two beside each other");
    const second = page.getByRole("tablist", { name: "Messages, second place" });
    await second.getByRole("tab", { name: "Request to the upstream" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.getByRole("region", { name: "Answer to the client" }).getByText("#1 message_start").waitFor();
    await choose("button", "As it was sent");
    await page
      .getByRole("region", { name: "Answer to the client" })
      .getByText("event: message_start")
      .waitFor();
  });

  test("the differences on the way, and from the turn before", async () => {
    await openExchange("req_000010");
    await choose("tab", "Differences");
    await page.getByText(/From the client’s to the upstream’s: \d+ lines removed, \d+ added/).waitFor();
    expect(await page.locator(".difference .added").first().textContent()).toContain(
      '+   "model": "glm-4.6"',
    );
    await choose("button", "Turn before, from the client");
    await page.getByText("The turn before is").waitFor();
    await page.getByText(/From the turn before to this one/).waitFor();
  });

  test("copies the commands, and shows them selected where the browser refuses", async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await openExchange("req_000010");
    await choose("button", "Copy replay command");
    await page.getByRole("button", { name: "Copied ✓" }).waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe("claude-proxy replay req_000010");
    await page.evaluate(
      "Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error()) } })",
    );
    await choose("button", "Copy curl to the upstream");
    await page.getByRole("textbox", { name: "Copy curl to the upstream: copy it with Ctrl+C" }).waitFor();
    await waitForValue(
      () => page.evaluate("document.activeElement.value?.slice(0, document.activeElement.selectionEnd)"),
      'curl https://api.z.ai/v4 -H "authorization: Bearer $UPSTREAM_KEY" -d @- # req_000010',
    );
  });

  test("says how to keep messages, and that there is no such request", async () => {
    dashboard.requests.push(createRequest({ seq: 61, timeMs: endMs + 1, hasBodies: false }));
    await openExchange("req_000061");
    await page.getByText("The messages of this request were not kept. Set RECORD_BODIES=all").waitFor();
    await page.goto(`${dashboard.origin}/dashboard#/requests/none%2F..%2F`);
    await page.getByRole("alert").getByText("There is no request none/../ in the record.").waitFor();
  });

  test("a megabyte that is cut does not hold up the page", async () => {
    const text = JSON.stringify(createClientRequest(40, 60_000)).slice(0, 1_000_000);
    const body = {
      name: "client-request",
      send: 0,
      head: null,
      text,
      bytes: 2_400_000,
      isCut: true,
    } as const;
    dashboard.bodies.set("req_000010", [body]);
    await openExchange("req_000010");
    await page.getByText("its end is missing here").waitFor();
    await choose("tab", "Raw messages");
    await page.getByText("Only the first 1.0 MB were kept.").waitFor();
    const shown = () => page.locator(".wire-box pre").count();
    expect(await shown()).toBe(1);
    await page.getByRole("button", { name: /Show all/ }).click();
    await page.getByRole("button", { name: /Show all/ }).waitFor({ state: "detached" });
    expect(await shown()).toBeGreaterThan(40);
  });

  test("whatever it is told is text", async () => {
    const deep = '{"messages":[{"role":"user","content":'.concat(
      '[{"type":"tool_result","content":'.repeat(20_000),
      "[".repeat(100_000),
    );
    dashboard.bodies.set(
      "req_000010",
      [
        deep,
        "",
        "null",
        "[1",
        '{"messages":7}',
        '{"messages":[null,{"role":{},"content":[{"type":"image","source":3}]}]}',
      ].map((text, index) => ({
        name: "client-request",
        send: index,
        head: { url: "javascript:alert(1)", headers: { "x-<b>": "<script>" } },
        text,
        bytes: text.length,
        isCut: false,
      })),
    );
    await openExchange("req_000010");
    await choose("tab", "Raw messages");
    for (const tab of await page
      .getByRole("tablist", { name: "Messages, first place" })
      .getByRole("tab")
      .all()) {
      await tab.click();
      await waitForValue(() => tab.getAttribute("aria-selected"), "true");
    }
    await openExchange("req_000041");
    expect(await page.locator("main img, main script").count()).toBe(0);
    expect(await page.title()).toBe("Request req_000041 · claude-proxy");
  });

  test.each([360, 1440])(
    "axe finds nothing at %d pixels, and the page does not scroll aside",
    async (width) => {
      await page.setViewportSize({ width, height: 800 });
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await openExchange("req_000046");
        for (const tab of ["Conversation", "Raw messages", "Differences"]) {
          await choose("tab", tab);
          await page.locator("#messages-panel > *").first().waitFor();
          await page.getByText("Comparing…").waitFor({ state: "detached" });
          expect(await findAxeFaults(page)).toEqual([]);
          expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
        }
      }
    },
  );
});
