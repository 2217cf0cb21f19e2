import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { answers } from "../../../test/protocols/chat/laws/answer.ts";
import { chunksOf, encodeStream } from "../../../test/protocols/chat/laws/encode-stream.ts";
import { manners } from "../../../test/protocols/chat/laws/manner.ts";
import { insertNoise, noises } from "../../../test/protocols/chat/laws/noise.ts";
import { targets } from "../../../test/protocols/chat/laws/target.ts";
import { completionOf, tellAnswer } from "../../../test/protocols/chat/laws/tell-answer.ts";
import { json, type Reply, sseOf, whole } from "../../../test/support/reply.ts";
import { hello } from "../../../test/support/start-pair.ts";
import { objectOf } from "../../../test/support/strict/json.ts";
import type { Exchange } from "../exchange.ts";
import { clientModelFor, type Lane, lanes, modelsOf } from "../lane.ts";
import { countBody, playBody, playCounted } from "../play-body.ts";

const streamsFolder = join(import.meta.dir, "../../../test/fixtures/streams");
const recordingsFolder = process.env["RECORDINGS_DIR"] ?? "";

/** Recordings by the server's name; those of others are played to `generic`. */
const profileOfServer: Readonly<Record<string, string>> = {
  alibaba: "qwen",
  deepseek: "deepseek",
  groq: "groq",
  mistral: "mistral",
  moonshotai: "kimi",
  openai: "openai",
  xai: "xai",
};

/** Bytes of a small piece; of a long body it is more, so that there are at most so many pieces. */
const smallPiece = 7;
const mostPieces = 3000;
/** A body of at most so many bytes is also played byte by byte. */
const shortBody = 3000;
/** Generated answers of a lane. */
const generatedCount = 50;

/** Answers of fixtures, of real servers and of a generator, in pieces of several sizes. */
export function* listAnswers(lane: Lane): Generator<Exchange> {
  yield* listFixtures(lane);
  if (recordingsFolder !== "") yield* listRecordings(lane);
  yield* listGenerated(lane);
}

/** In its own lane with all sizes of pieces, and everywhere in one piece. */
function* listFixtures(lane: Lane): Generator<Exchange> {
  for (const name of readdirSync(streamsFolder).toSorted()) {
    const { profile, model, request } = JSON.parse(
      readFileSync(join(streamsFolder, name, "case.json"), "utf8"),
    );
    const bytes = readFileSync(join(streamsFolder, name, "upstream.sse"));
    const asked = profile === lane.profile ? clientModelFor(lane, model) : null;
    const body = { ...request, model: asked ?? request.model };
    yield* playStream(`stream ${name}`, body, bytes, asked === null ? [bytes.length] : sizesFor(bytes));
  }
}

function* listRecordings(lane: Lane): Generator<Exchange> {
  for (const folder of [recordingsFolder, join(recordingsFolder, "responses")]) {
    for (const name of readdirSync(folder).toSorted()) {
      const server = folder === recordingsFolder ? (name.split("-")[0] ?? "") : "";
      if ((profileOfServer[server] ?? "generic") !== lane.profile) continue;
      const path = join(folder, name);
      if (name.endsWith(".json")) yield* playBody({ name, body: hello }, () => whole(readFileSync(path)));
      if (!name.endsWith(".chunks.txt")) continue;
      const bytes = toEvents(readFileSync(path, "utf8"));
      yield* playStream(`recording ${name}`, hello, bytes, sizesFor(bytes));
    }
  }
}

/** An event for each line, and for those that say what they are an event of that name. */
function toEvents(lines: string): Uint8Array {
  const events = lines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const { type } = objectOf(JSON.parse(line));
      return `${typeof type === "string" ? `event: ${type}\n` : ""}data: ${line}\n\n`;
    });
  return Buffer.from(`${events.join("")}data: [DONE]\n\n`);
}

/** Other answers in each lane, as a stream and as a completion. */
function* listGenerated(lane: Lane): Generator<Exchange> {
  const seed = 1 + lanes.indexOf(lane);
  const models = modelsOf(lane).map((model) => clientModelFor(lane, model) ?? "x");
  const cases = fc.sample(fc.tuple(targets, answers, manners, noises), { numRuns: generatedCount, seed });
  for (const [index, [target, answer, manner, noise]] of cases.entries()) {
    const told = tellAnswer(answer, manner, target.profile);
    const bytes = encodeStream(insertNoise(chunksOf(told.deltas, answer, manner), noise), answer, manner);
    const body = { ...objectOf(target.request), model: models[index % models.length] };
    const name = `generated ${index}`;
    yield* playStream(name, body, bytes, [index % 2 === 0 ? bytes.length : smallPiece]);
    const completion = completionOf(told, answer, manner);
    yield* playCounted({ name: `${name}, completion`, body }, () => json(completion));
  }
}

function sizesFor({ length }: Uint8Array): number[] {
  const small = Math.max(smallPiece, Math.ceil(length / mostPieces));
  return [length, small, ...(length <= shortBody ? [1] : [])];
}

function* playStream(
  name: string,
  body: object,
  bytes: Uint8Array,
  sizes: readonly number[],
): Generator<Exchange> {
  yield countBody({ name, body });
  for (const size of sizes) {
    const reply: Reply = sseOf(cut(bytes, size));
    yield* playBody(
      { name: size === bytes.length ? name : `${name} in pieces of ${size}`, body },
      () => reply,
    );
  }
}

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}
