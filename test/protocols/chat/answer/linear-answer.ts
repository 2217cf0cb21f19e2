import { createMessageAccumulator } from "../../../../src/anthropic/accumulate-message.ts";
import type { ProfileId } from "../../../../src/profiles/profile-ids.ts";
import type { ChatChunk } from "../../../../src/protocols/chat/chat-response.ts";
import { expectLinear } from "../../../support/expect-linear.ts";
import { createTestTranslator, type TranslationCase } from "../../../support/translate-answer.ts";

/** An answer of a kind, whose length is told by `size`. */
export interface Shape {
  profile?: ProfileId;
  loneThinkTag?: string;
  /** Of the request. */
  fields?: (size: number) => object;
  /** What comes before the text. */
  first?: object[];
  text: (size: number) => string;
  /** A piece of the text as a delta. */
  delta: (piece: string) => object;
  finishReason?: string;
  /** Where a tree of so many nodes outgrows the caches of the machine, which takes time of its own. */
  largestSize?: number;
}

/** Of a request: the tool that answers call. */
export const tools = (properties: object) => [
  { name: "Bash", input_schema: { type: "object", properties, required: [] } },
];
export const bash = () => ({ tools: tools({ command: { type: "string" }, timeout: { type: "number" } }) });

const copies = 16;
const estimate = { inputTokens: 1, outputTokens: 1 };

function caseOf({ profile = "generic", loneThinkTag, fields }: Shape, size: number): TranslationCase {
  const messages = [{ role: "user", content: "hi" }];
  const request = { model: "c", max_tokens: 100, messages, ...fields?.(size) };
  return { profile, model: "m", loneThinkTag: loneThinkTag ?? null, request };
}

export const chunkOf = (delta: object, finish_reason: string | null = null): ChatChunk => ({
  choices: [{ index: 0, delta, finish_reason }],
});

/** An answer with translators for it: several, as the fastest kinds take less time than the clock can tell. */
export function told(
  chunks: ChatChunk[],
  { shape, size, isWhole }: { shape: Shape; size: number; isWhole: boolean },
) {
  const create = () => createTestTranslator(caseOf(shape, size), { isWhole });
  return { chunks, translators: Array.from({ length: copies }, create) };
}

function translate({ chunks, translators }: ReturnType<typeof told>): void {
  for (const translator of translators) {
    const accumulator = createMessageAccumulator();
    for (const chunk of chunks) accumulator.add(translator.push(chunk, estimate));
    accumulator.add(translator.finish("done", estimate));
    JSON.stringify(accumulator.message);
  }
}

/** What is measured is the time of the thread, which may wait for its core much longer than it has it. */
export const limitMs = 60_000;

/** Compiled before it is measured: else the size that takes long enough is one that soon does not. */
export async function expectLinearAnswer(
  name: string,
  makeOfSize: (size: number) => ReturnType<typeof told>,
  largestSize: number,
): Promise<void> {
  for (let run = 0; run < 10; run += 1) translate(makeOfSize(2048));
  await expectLinear(name, makeOfSize, translate, { largestSize });
}
