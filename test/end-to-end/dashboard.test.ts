import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { findAxeFaults } from "../dashboard/support/axe.ts";
import { describePage, type PageSettings, waitForValue } from "../dashboard/support/browser.ts";
import {
  changedTools,
  type Night,
  overloaded,
  refusedField,
  startNight,
  usageOf,
} from "../dashboard/support/night.ts";
import { hostileTexts } from "../dashboard/support/sample-requests.ts";
import { heldReply } from "../server/dashboard/held-reply.ts";
import type { Upstream } from "../support/upstream.ts";

const hostileAnswer = [
  hostileTexts.html,
  hostileTexts.bidi,
  hostileTexts.escapes,
  "x".repeat(5000),
  "javascript:document.title='hacked'",
].join(" ");

const call = (id: string, name: string, input: object) => [{ id, name, arguments: input }];

/** The ids of the requests of the story. */
interface Story {
  readonly first: string;
  readonly broken: string;
  readonly repaired: string;
  readonly failed: string;
  readonly hostile: string;
}

/** A session whose cache breaks in the middle, which is repaired once, fails once, and ends with a hostile answer. */
async function playStory(night: Night): Promise<Story> {
  const first = await night.turn("Why does the build break?", {
    text: "I read the parser first.",
    toolCalls: call("call_1", "Read", { file_path: "/src/parse.ts" }),
    usage: usageOf(14_200, 0, 96),
  });
  await night.turn("export function parse(text) {}", {
    text: "It throws for an empty text. I mend that.",
    toolCalls: call("call_2", "Edit", { file_path: "/src/parse.ts", old_string: "{}", new_string: "{ }" }),
    usage: usageOf(14_700, 14_080, 180),
  });
  night.tools = changedTools;
  const broken = await night.turn("The file was changed.", {
    text: "Now the tests.",
    toolCalls: call("call_3", "Bash", { command: "bun test" }),
    usage: usageOf(15_150, 0, 40),
  });
  night.reply(refusedField("stream_options"));
  const repaired = await night.turn("412 pass, 1 fail", {
    text: "One test is left.",
    toolCalls: call("call_4", "Read", { file_path: "/test/parse.test.ts" }),
    usage: usageOf(15_400, 15_104, 60),
  });
  night.reply(overloaded);
  const failed = await night.turnThatFails("expect(parse('')).toBe(null)");
  const hostile = await night.turn("expect(parse('')).toBe(null)", {
    text: hostileAnswer,
    usage: usageOf(15_600, 15_360, 1600),
  });
  return { first, broken, repaired, failed, hostile };
}

/** What the page says of an exchange in its first screen, by name. */
async function readSummary(page: Page): Promise<Record<string, string>> {
  const lines = page.locator(".summary > div");
  await lines.first().waitFor();
  const texts = await lines.evaluateAll((all) =>
    all.map((line) => [
      line.querySelector("dt")?.textContent ?? "",
      line.querySelector("dd")?.textContent ?? "",
    ]),
  );
  return Object.fromEntries(texts);
}

/** Runs a text in a shell of its own, with the key that the user would have. */
async function runInShell(script: string): Promise<number> {
  const shell = Bun.spawn(["sh", "-c", script], {
    env: { PATH: process.env["PATH"] ?? "", UPSTREAM_KEY: "sk-deepseek-upstream-key" },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
  });
  return shell.exited;
}

/** The rows of the list, as the ids of their requests. */
function readIds(page: Page): Promise<(string | null)[]> {
  return page.locator(".entry").evaluateAll((rows) => rows.map((row) => row.getAttribute("data-id")));
}

/** The body of a request that an upstream received as this one of its messages requests. */
function bodyOf(upstream: Upstream, index: number): Buffer {
  const sent = upstream.requests.filter(({ method }) => method === "POST").at(index);
  if (sent === undefined) throw new Error(`the upstream received no request ${index}`);
  return sent.rawBody;
}

/** With how many same bytes two texts begin. */
function countSame(one: Buffer, other: Buffer): number {
  const index = one.findIndex((byte, at) => byte !== other[at]);
  return index === -1 ? one.length : index;
}

const whole = (count: number) => count.toLocaleString("en-US");

describePage("a night that went wrong, in the page of the real program", (pages) => {
  let night: Night;
  let story: Story;

  beforeAll(async () => {
    night = await startNight();
    story = await playStory(night);
  }, 60_000);

  afterAll(() => night?.[Symbol.asyncDispose]());

  /** Opens the page, and uses it. */
  async function openAt(
    address: string,
    use: (page: Page) => Promise<void>,
    settings: PageSettings = {},
  ): Promise<void> {
    const page = await pages.open(settings);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto(`${night.program.url}/dashboard${address}`);
    await use(page);
  }

  const readClipboard = async (page: Page) => String(await page.evaluate("navigator.clipboard.readText()"));

  /** Presses a button of the exchange that copies; gives what it copied. */
  async function copy(page: Page, name: string): Promise<string> {
    await page.evaluate("navigator.clipboard.writeText('')");
    await page.getByRole("button", { name, exact: true }).click();
    await waitForValue(async () => (await readClipboard(page)) !== "", true);
    return readClipboard(page);
  }

  /** Runs a copied command, and compares what it sends with what the program sent. */
  async function expectSameAgain(command: string): Promise<void> {
    const sent = bodyOf(night.deepseek, 0);
    const count = night.deepseek.requests.length;
    expect(await runInShell(command)).toBe(0);
    const again = await night.deepseek.request(count);
    expect([again.method, again.path, again.headers["authorization"]]).toEqual([
      "POST",
      "/v1/chat/completions",
      "Bearer sk-deepseek-upstream-key",
    ]);
    // The shell ends the body with a line break.
    expect(again.rawBody.toString().trimEnd()).toBe(sent.toString());
  }

  test("why a request failed, and the commands that repeat it", () =>
    openAt("", async (page) => {
      await page.getByRole("textbox", { name: "Filter" }).fill("status:>=500");
      await waitForValue(() => readIds(page), [story.failed]);
      await page.locator(".entry").click();
      const host = new URL(night.zai.baseUrl).host;
      await page
        .getByText(`✕ 529 overloaded_error: ${host} cannot serve glm-5.3 now: The model is overloaded`)
        .waitFor();
      expect(await readSummary(page)).toEqual({
        "Why this model":
          "The client asked for claude-opus-5. routes.default chose glm-5.3 at zai, as family generic, on the wire “chat”.",
        Cost: "Unknown, as nothing was answered that counts.",
        Cache: expect.stringContaining("Nothing to compare with"),
        Changed: "Nothing but what the translation needs.",
        Time: expect.stringMatching(/ in all, the first byte after .+, sent 2 times\.$/),
      });
      const rows = page.locator(".attempts tbody tr");
      expect(await rows.locator("th").allTextContents()).toEqual(["zai/glm-5.3", "deepseek/deepseek-v4-pro"]);
      expect(await rows.locator("td:nth-child(3)").allTextContents()).toEqual(["✕ 503", "✕ 503"]);
      await expectSameAgain(await copy(page, "Copy curl to the upstream"));
      expect(await copy(page, "Copy replay command")).toBe(`claude-proxy replay ${story.failed}`);
      const json: unknown = JSON.parse(await copy(page, "Copy JSON"));
      expect(json).toMatchObject({ request: { requestId: story.failed, status: 529 } });
      await page.getByRole("link", { name: "← Requests" }).click();
      await waitForValue(() => readIds(page), [story.failed]);
    }));

  test("what broke the cache: where, and with the bytes that were sent", () =>
    openAt("", async (page) => {
      await page.getByText("cache broken: tools[1].function.description").click();
      await page.getByRole("heading", { level: 1, name: story.broken }).waitFor();
      const [before, broken] = [bodyOf(night.zai, 1), bodyOf(night.zai, 2)];
      const { Cache: said, Cost: cost, Context: context } = await readSummary(page);
      expect(said).toStartWith(
        "Broken: the description of tool 2 (tools[1].function.description) is not as in the turn before. " +
          `Only the first ${whole(countSame(before, broken))} of its ${whole(before.length)} bytes are the same;`,
      );
      // 15,150 tokens at $0.60 and 40 at $2.20 for a million.
      expect(cost).toBe("$0.0092, tokens times the price of the model.");
      expect(context).toBe("8% of the window of 200,000 tokens. 0% of the prompt came from the cache.");
      await page.getByRole("button", { name: "Show what changed" }).click();
      await page.getByText(/From the turn before to this one: \d+ lines removed, \d+ added/).waitFor();
      expect(await page.locator(".difference .removed").first().textContent()).toContain(
        '"description": "Reads a file of the project."',
      );
      expect(await page.locator(".difference .added").first().textContent()).toContain(
        '"description": "Reads a file of the project, or a part of it."',
      );
    }));

  test("what was changed, and both wires beside each other", () =>
    openAt("", async (page) => {
      await page.getByRole("button", { name: "Changed" }).click();
      await waitForValue(() => readIds(page), [story.repaired]);
      await page.locator(".entry").click();
      const { Changed: changed, Cache: cache } = await readSummary(page);
      expect([changed, cache]).toEqual([
        "Repaired after a refusal, and sent again: left out stream_options, which the upstream refused this time",
        "Not broken: this request only continues the turn before. ",
      ]);
      await page.getByRole("tab", { name: "Raw messages" }).click();
      await page.getByRole("tab", { name: "Request to the upstream, send 2" }).click();
      await page.getByRole("button", { name: "As it was sent" }).click();
      const shown = await page
        .getByRole("region", { name: "Request to the upstream, send 2" })
        .locator("pre")
        .allTextContents();
      expect(shown.join("")).toBe(bodyOf(night.zai, 4).toString());
      await page.getByText("/v1/chat/completions").first().click();
      await page.getByText("authorization: Bearer $UPSTREAM_KEY").waitFor();
    }));

  test("all of it by the keyboard alone", () =>
    openAt("", async (page) => {
      const { keyboard } = page;
      await page.locator(".entry").first().waitFor();
      await keyboard.press("/");
      await keyboard.type("is:error");
      await waitForValue(() => readIds(page), [story.failed]);
      await keyboard.press("Escape");
      await keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: story.failed }).waitFor();
      await page.getByRole("button", { name: "Copy curl to the upstream" }).waitFor();
      const focused = () => page.evaluate("document.activeElement.textContent");
      for (let steps = 0; (await focused()) !== "Copy curl to the upstream"; steps += 1) {
        expect(steps).toBeLessThan(30);
        await keyboard.press("Tab");
      }
      await keyboard.press("Enter");
      await page.getByRole("button", { name: "Copied ✓" }).waitFor();
      await expectSameAgain(await readClipboard(page));
      await keyboard.press("Escape");
      await waitForValue(() => readIds(page), [story.failed]);
      await keyboard.press("/");
      await keyboard.type("cost:>0.009");
      await waitForValue(() => readIds(page), [story.broken]);
      await keyboard.press("Escape");
      await keyboard.press("Enter");
      await page.getByRole("button", { name: "Show what changed" }).waitFor();
      for (let steps = 0; (await focused()) !== "Show what changed"; steps += 1) {
        expect(steps).toBeLessThan(30);
        await keyboard.press("Tab");
      }
      await keyboard.press("Enter");
      await page.getByText(/From the turn before to this one: \d+ lines removed/).waitFor();
      for (const [key, title] of Object.entries({ 1: "Now", 3: "Sessions", 4: "Usage", 5: "Upstreams" })) {
        await keyboard.press(key);
        await page.getByRole("heading", { level: 1, name: title }).waitFor();
      }
    }));

  test("what a hostile model says is text", () =>
    openAt(`#/requests/${story.hostile}`, async (page) => {
      const answer = page.locator(".message.answer");
      await answer.getByText("<img src=x onerror=").waitFor();
      const said = await answer.textContent();
      expect(said).toContain("invoice⟨202E⟩fdp.exe ␛[31mred␛[0m␇");
      await page.getByRole("tab", { name: "Raw messages" }).click();
      await page.getByRole("tab", { name: "Answer to the client" }).click();
      await page
        .getByRole("region", { name: "Answer to the client" })
        .getByText("#1 message_start")
        .waitFor();
      expect(await page.locator("main img, main script, main iframe").count()).toBe(0);
      expect(await page.title()).toBe(`Request ${story.hostile} · claude-proxy`);
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    }));

  test.each(["light", "dark"] as const)(
    "axe finds nothing in any view in %s colours, and none scrolls aside",
    async (colorScheme) => {
      const views: readonly (readonly [address: string, width: number])[] = [
        ["#/now", 360],
        ["#/requests", 1440],
        [`#/requests/${story.failed}`, 360],
        [`#/requests/${story.broken}`, 2560],
        [`#/requests/${story.hostile}`, 360],
        ["#/sessions", 800],
        ["#/usage", 1440],
        ["#/upstreams", 360],
      ];
      await openAt(
        "",
        async (page) => {
          for (const [address, width] of views) {
            await page.setViewportSize({ width, height: 900 });
            await page.goto(`${night.program.url}/dashboard${address}`);
            await page.locator("main h1").waitFor({ state: "attached" });
            const waiting = page.getByText(/^(?:Loading|Adding up|Asking)/);
            await waitForValue(() => waiting.count(), 0);
            const isWide = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
            expect([address, isWide, await findAxeFaults(page)]).toEqual([address, false, []]);
          }
        },
        { colorScheme },
      );
    },
    60_000,
  );

  test("what runs is seen, how fast, and then in the list; without a reload", () =>
    openAt("#/now", async (page) => {
      await page.getByRole("heading", { name: "Nothing runs" }).waitFor();
      const held = heldReply();
      night.reply(held.reply());
      const asked = night.ask("And now?");
      held.begin();
      const answer = await asked;
      await page.getByRole("heading", { name: "Running: 1" }).waitFor();
      const cells = () => page.locator(".running tbody tr").locator("th, td").allTextContents();
      await waitForValue(async () => (await cells())[0], "glm-5.3 at zai, asked for claude-opus-5");
      await waitForValue(async () => /^\d.* k?B\/s$/.test((await cells()).at(-1) ?? ""), true);
      held.end();
      await answer.text();
      await page.getByRole("heading", { name: "Nothing runs" }).waitFor();
      await page.keyboard.press("2");
      const id = answer.headers.get("request-id");
      await waitForValue(async () => (await readIds(page))[0], id);
      const next = await night.turn("And then?", {
        text: "All is done.",
        usage: usageOf(15_700, 15_616, 20),
      });
      await waitForValue(async () => (await readIds(page))[0], next);
    }));
});
