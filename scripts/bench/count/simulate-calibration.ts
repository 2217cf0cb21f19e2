import { get_encoding, type Tiktoken } from "tiktoken";
import type { ChatMessage, ChatRequest } from "../../../src/protocols/chat/chat-request.ts";
import { createTokenCounter } from "../../../src/tokens/create-token-counter.ts";
import { countChatRequest } from "../../../test/support/count-chat-request.ts";
import { readOrdinaryTexts } from "./texts.ts";

export interface CalibrationFigures {
  upstream: string;
  /** Error of the estimate in percent of the charge: of the first request, and of the second. */
  first: number;
  second: number;
  /** The largest error of all later ones, without its sign. */
  largestAfter: number;
}

const turns = 30;
const model = "some-model";

/** A conversation that grows by prose and code in turns, as upstreams with other tokenizers would charge it. */
export async function simulateCalibration(): Promise<CalibrationFigures[]> {
  const texts = await readOrdinaryTexts(turns, 4_000);
  const prose = texts["English, Markdown"] ?? [];
  const code = texts["TypeScript"] ?? [];
  const messages = Array.from({ length: turns }, (_, turn): ChatMessage => {
    const content = (turn % 3 === 0 ? prose[turn] : code[turn]) ?? "";
    return { role: turn % 2 === 0 ? "user" : "assistant", content };
  });

  const o200k = get_encoding("o200k_base");
  const figures: CalibrationFigures[] = [];
  for (const ratio of [0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5]) {
    const charge = (request: ChatRequest) => Math.round(chargeBy(o200k, request) * ratio);
    figures.push(await simulate(`${ratio} x o200k_base`, messages, charge));
  }
  for (const name of ["cl100k_base", "p50k_base"] as const) {
    const encoding = get_encoding(name);
    figures.push(await simulate(name, messages, (request) => chargeBy(encoding, request)));
  }
  return figures;
}

async function simulate(
  upstream: string,
  messages: readonly ChatMessage[],
  charge: (request: ChatRequest) => number,
): Promise<CalibrationFigures> {
  const counter = createTokenCounter({
    calibrationFilePath: null,
    upstreamHost: upstream,
    warn: (message, cause) => console.error(message, cause),
  });
  const errors: number[] = [];
  for (let turn = 1; turn <= messages.length; turn++) {
    const request: ChatRequest = { model, messages: messages.slice(0, turn) };
    const estimate = await countChatRequest(counter, request);
    errors.push(counter.learn(model, estimate, charge(request)) ?? Number.NaN);
  }
  await counter.close();
  const [first = Number.NaN, second = Number.NaN, ...later] = errors;
  return { upstream, first, second, largestAfter: Math.max(...later.map(Math.abs)) };
}

/** What an upstream of another tokenizer charges: its tokens, and five a message for its template. */
function chargeBy(encoding: Tiktoken, request: ChatRequest): number {
  return request.messages.reduce((sum, { content }) => {
    return sum + 5 + (typeof content === "string" ? encoding.encode(content, [], []).length : 0);
  }, 0);
}
