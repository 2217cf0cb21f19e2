import { afterEach, expect, test } from "bun:test";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createTokenizer, type Tokenizer, type TokenizerOptions } from "../../src/tokens/tokenizer.ts";

const started: Tokenizer[] = [];
afterEach(() => {
  for (const tokenizer of started.splice(0)) tokenizer.close();
});

function start(options?: TokenizerOptions): Tokenizer {
  const tokenizer = createTokenizer(options);
  started.push(tokenizer);
  return tokenizer;
}

const threadUrl = (name: string) => new URL(`../fixtures/tokens/threads/${name}.ts`, import.meta.url);
const text = (content: string) => ({ kind: "text" as const, content });
const messageOf = (promise: Promise<unknown>) => promise.then(String, (error: Error) => error.message);

test("[7] counts texts and documents in their order", async () => {
  const tokenizer = start();
  const document = { kind: "document" as const, content: Buffer.from("/Type /Page").toString("base64") };
  expect(await tokenizer.count([text("hello world"), document, text("")])).toEqual([2, 2000, 0]);
  expect(await tokenizer.count([])).toEqual([]);
});

test("[7] a small job does not wait for a large one that came before it", async () => {
  const tokenizer = start();
  await tokenizer.count([text("the table is loaded")]);
  const order: string[] = [];
  const large = tokenizer.count([text("some ordinary words in a line of text\n".repeat(100_000))]);
  await Promise.all([
    large.then(() => order.push("large")),
    tokenizer.count([text("small")]).then(() => order.push("small")),
  ]);
  expect(order).toEqual(["small", "large"]);
  expect(await large).toEqual([900_000]);
});

test.each([
  ["throws-at-start", "error: This thread cannot start."],
  ["throws-at-a-job", "error: This thread cannot count."],
  ["ends-at-a-job", "The tokenizer's thread ended."],
  ["is-not-there", "ModuleNotFound"],
])("[7] a thread that %s rejects what it was asked, and everything for a minute", async (name, reason) => {
  let nowMs = 0;
  const tokenizer = start({ threadUrl: threadUrl(name), now: () => nowMs });
  const reasons = await Promise.all(
    [tokenizer.count([text("a")]), tokenizer.count([text("b")])].map(messageOf),
  );
  expect(reasons[0]).toContain(reason);
  expect(reasons[1]).toBe(String(reasons[0]));
  nowMs = 59_999;
  expect(await messageOf(tokenizer.count([text("c")]))).toBe(String(reasons[0]));
});

test("[7] after a minute a failed thread is started again", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tokenizer-"));
  const program = join(folder, "thread.ts");
  await writeFile(program, 'throw new Error("not yet");');
  let nowMs = 0;
  const tokenizer = start({ threadUrl: pathToFileURL(program), now: () => nowMs });
  expect(await messageOf(tokenizer.count([text("a")]))).toBe("error: not yet");

  await copyFile(threadUrl("counts-one"), program);
  expect(await messageOf(tokenizer.count([text("a")]))).toBe("error: not yet");
  nowMs = 60_000;
  expect(await tokenizer.count([text("a")])).toEqual([1]);
  await rm(folder, { recursive: true });
});

test("[7] a text that cannot be counted fails alone", async () => {
  const tokenizer = start({ threadUrl: threadUrl("counts-one") });
  const answers = await Promise.all([
    messageOf(tokenizer.count([text("bad")])),
    messageOf(tokenizer.count([text("a"), text("b")])),
  ]);
  expect(answers).toEqual(["bad text", "1,1"]);
});

test("[7] closing rejects what is under way and what comes later", async () => {
  const tokenizer = start();
  const underWay = messageOf(tokenizer.count([text("a")]));
  tokenizer.close();
  expect(await underWay).toBe("The tokenizer is closed.");
  expect(await messageOf(tokenizer.count([text("a")]))).toBe("The tokenizer is closed.");
});

test("[7] a program ends by itself when it has counted", async () => {
  const program = `
    import { createTokenizer } from ${JSON.stringify(new URL("../../src/tokens/tokenizer.ts", import.meta.url).href)};
    void createTokenizer().count([{ kind: "text", content: "hello world" }]).then(console.log);
  `;
  const child = Bun.spawn([process.execPath, "--no-env-file", "-e", program], {
    stdout: "pipe",
    stderr: "pipe",
  });
  expect(await child.stdout.text()).toBe("[ 2 ]\n");
  expect(await child.exited).toBe(0);
});
