import { join } from "node:path";
import type { ChatRequest } from "../../../src/protocols/chat/chat-request.ts";
import { createRandom } from "../../../test/support/random.ts";

const root = join(import.meta.dir, "../../..");

/** Text of the files of the frozen lockfile that fit, in the order of their paths, cut at `length` characters. */
async function readText(pattern: string, length: number): Promise<string> {
  const paths = [...new Bun.Glob(pattern).scanSync(root)].sort();
  let text = "";
  for (const path of paths) {
    if (text.length >= length) break;
    text += await Bun.file(join(root, path)).text();
  }
  return text.slice(0, length);
}

/** Sentences in an order of their own, so that no two megabytes of them are the same. */
async function readSentences(name: string, length: number): Promise<string> {
  const text = await Bun.file(join(root, "test/fixtures/tokens/corpus", name)).text();
  const sentences = text.split(/(?<=[。？！.\n])/u);
  const random = createRandom(1);
  let mixed = "";
  while (mixed.length < length) mixed += sentences[Math.floor(random() * sentences.length)];
  return mixed.slice(0, length);
}

/** Ordinary texts, each in `parts` parts of `length` characters. */
export async function readOrdinaryTexts(parts: number, length: number): Promise<Record<string, string[]>> {
  const all = parts * length;
  const split = (text: string) =>
    Array.from({ length: parts }, (_, part) => text.slice(part * length, (part + 1) * length));
  return {
    "English, Markdown": split(await readText("node_modules/**/*.{md,mdx}", all)),
    TypeScript: split(await readText("node_modules/{zod,hono,fast-check,openai,@anthropic-ai}/**/*.ts", all)),
    "Chinese, Japanese, Korean": split(await readSentences("east-asian.txt", all)),
    "ten other scripts": split(await readSentences("other-scripts.txt", all)),
  };
}

/** Texts that bring tokenizers to their knees, `bytes` bytes each. */
export function createHardTexts(bytes: number): Record<string, string> {
  const random = createRandom(2);
  const draw = (alphabet: readonly string[]) => {
    const bytesPerDraw = Buffer.byteLength(alphabet.join("")) / alphabet.length;
    let text = "";
    for (let draws = bytes / bytesPerDraw; draws > 0; draws--) {
      text += alphabet[Math.floor(random() * alphabet.length)];
    }
    return text;
  };
  const repeat = (unit: string) => unit.repeat(bytes / Buffer.byteLength(unit));
  const base64 = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"];
  return {
    "one letter": repeat("a"),
    spaces: repeat(" "),
    "one emoji": repeat("😀"),
    base64: draw(base64),
    "random letters": draw([..."abcdefghijklmnopqrstuvwxyz"]),
    "random Chinese": draw(Array.from({ length: 8000 }, (_, index) => String.fromCharCode(0x4e00 + index))),
    "line ends and slashes": repeat("\n/"),
    "a word that is no token": repeat(" \u0085"),
  };
}

/** A conversation with 40 tools, of `length` characters in `turns` turns, as Claude Code has them. */
export async function createConversation(turns: number, length: number): Promise<ChatRequest> {
  const code = await readText("node_modules/{zod,hono,fast-check}/**/*.ts", length);
  const perTurn = Math.floor(length / turns);
  const tools = Array.from({ length: 40 }, (_, index) => ({
    type: "function" as const,
    function: {
      name: `tool_${index}`,
      description: code.slice(index * 700, index * 700 + 600),
      parameters: { type: "object", properties: { path: { type: "string", description: `path ${index}` } } },
    },
  }));
  const messages = Array.from({ length: turns }, (_, turn) => ({
    role: turn % 2 === 0 ? ("user" as const) : ("assistant" as const),
    content: code.slice(turn * perTurn, (turn + 1) * perTurn),
  }));
  return { model: "gpt-5.4", messages, tools };
}
