import { type Json, objectsOf } from "../../strict/json.ts";
import type { ResponseAnswer } from "../response-answer.ts";
import { type ResponsesRefusal, refusal } from "./responses-refusal.ts";
import { turnsOf, wordOf } from "./turn-faults.ts";

/** What a blob was made for. */
interface Origin {
  family: string;
  generation: string;
  session: string;
  number: number;
}

/** A turn that the server has said: its items in order, each as one word. */
interface SaidTurn {
  generation: string;
  words: string[];
}

/**
 * Encrypts the reasoning of a server, and knows it again: a blob is good for this server, for the models of one
 * generation and in one session, and it has to come back byte for byte where it stood.
 */
export interface BlobMint {
  /** The answer with a new blob in each of its reasoning items that has none. */
  seal(answer: ResponseAnswer, request: Json): ResponseAnswer;
  /** Faults of the reasoning that comes back. */
  findFaults(request: Json): ResponsesRefusal[];
  /** The refusals of blobs that were good once; see `forget`. */
  findForgotten(request: Json): ResponsesRefusal[];
  /** From now on it can read no blob that it has made before. */
  forget(): void;
}

export interface BlobMintOptions {
  family: string;
  /** Blobs fit one generation of models only. */
  hasGenerations: boolean;
  /** Blobs fit one session only, as far as requests name theirs. */
  hasSessions: boolean;
  /** Turns may come back without their reasoning, because the server itself does not take all of it. */
  mayLack?: boolean;
}

export function createBlobMint(options: BlobMintOptions): BlobMint {
  let made = 0;
  let firstGood = 0;
  const said = new Map<string, SaidTurn>();
  const originOf = (request: Json): Omit<Origin, "number"> => ({
    family: options.family,
    generation: options.hasGenerations ? generationOf(String(request["model"])) : "",
    session: options.hasSessions ? String(request["prompt_cache_key"] ?? "") : "",
  });
  const seal = (answer: ResponseAnswer, request: Json): ResponseAnswer => {
    const origin = originOf(request);
    const output = answer.output.map((part) => {
      if (part.kind !== "reasoning" || part.encrypted !== undefined) return part;
      made += 1;
      return { ...part, encrypted: sign({ ...origin, number: made }) };
    });
    const words = output.flatMap((part) => {
      if (part.kind === "reasoning") return [`reasoning ${JSON.stringify(part.encrypted)}`];
      if (part.kind === "call") return [`call ${part.id}`];
      return part.kind === "message" ? [`text ${JSON.stringify(part.text ?? "")}`] : [];
    });
    if (words.some((word) => !word.startsWith("reasoning"))) {
      said.set(keyOf(words), { generation: origin.generation, words });
    }
    return { ...answer, output };
  };
  const findForgotten = (request: Json): ResponsesRefusal[] =>
    listBlobs(request).flatMap((blob) => {
      const origin = read(blob);
      const isForgotten = origin !== null && origin.number <= firstGood;
      return isForgotten ? [cannotVerify(blob, "Encrypted content could not be decrypted or parsed.")] : [];
    });
  return {
    seal,
    findForgotten,
    findFaults: (request) => [
      ...listBlobs(request).flatMap((blob) => findBlobFaults(blob, originOf(request))),
      ...findPlaceFaults(
        request,
        said,
        originOf(request).generation,
        options.mayLack === true || findForgotten(request).length > 0 || firstGood > 0,
      ),
    ],
    forget: () => {
      firstGood = made;
    },
  };
}

/** OpenAI's models of one number share their reasoning: `gpt-5.6-sol` and `gpt-5.6`, `o4-mini` and `o4`. */
function generationOf(model: string): string {
  return /^(?:gpt-\d+(?:\.\d+)?|o\d+)/.exec(model)?.[0] ?? model;
}

function listBlobs(request: Json): string[] {
  return objectsOf(request["input"])
    .filter(({ type }) => type === "reasoning")
    .flatMap(({ encrypted_content: blob }) => (typeof blob === "string" ? [blob] : []));
}

function findBlobFaults(blob: string, wanted: Omit<Origin, "number">): ResponsesRefusal[] {
  const origin = read(blob);
  if (origin === null) return [cannotVerify(blob, "Encrypted content could not be decrypted or parsed.")];
  const { number: _, ...found } = origin;
  if (Bun.deepEquals(found, wanted)) return [];
  const differs =
    found.family !== wanted.family ? "server" : found.generation !== wanted.generation ? "model" : "session";
  const isSessionOpen = differs === "session" && (found.session === "" || wanted.session === "");
  return isSessionOpen ? [] : [cannotVerify(blob, `It was made for another ${differs}.`)];
}

function cannotVerify(blob: string, reason: string): ResponsesRefusal {
  const message = `The encrypted content ${blob.slice(0, 8)}... could not be verified. Reason: ${reason}`;
  return refusal(message, null, "invalid_encrypted_content");
}

/** The last call of a turn names it, or what it said last. */
function keyOf(words: readonly string[]): string {
  return (
    words.findLast((word) => word.startsWith("call ")) ??
    words.findLast((word) => word.startsWith("text ")) ??
    ""
  );
}

/** Turns that were said otherwise: reasoning that is missing, changed, or elsewhere. */
function findPlaceFaults(
  request: Json,
  said: ReadonlyMap<string, SaidTurn>,
  generation: string,
  mayLack: boolean,
): ResponsesRefusal[] {
  return turnsOf(objectsOf(request["input"])).flatMap(({ start, items }) => {
    const words = items.map(wordOf);
    const known = said.get(keyOf(words));
    if (known === undefined) return [];
    const withoutReasoning = known.words.filter((word) => !word.startsWith("reasoning"));
    const expected = known.generation === generation ? known.words : withoutReasoning;
    const isExpected =
      Bun.deepEquals(words, expected) || (mayLack && Bun.deepEquals(words, withoutReasoning));
    if (isExpected) return [];
    const message = `The turn at input[${start}] was ${expected.join(", ")} and came back as ${words.join(", ")}.`;
    return [refusal(message, `input[${start}]`)];
  });
}

const secret = "the secret of a server in a test";

function sign(origin: Origin): string {
  const text = Buffer.from(JSON.stringify(origin)).toString("base64url");
  return `gAAAAA${text}.${macOf(text)}`;
}

/** What a blob of ours was made for, in either of the two forms in which a stream shows it; else null. */
function read(blob: string): Origin | null {
  const [, text = "", mac] = /^gAAAAA([\w-]+)\.([\w-]+?)(?:-again)?$/.exec(blob) ?? [];
  if (mac !== macOf(text)) return null;
  return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
}

function macOf(text: string): string {
  return new Bun.CryptoHasher("sha256", secret).update(text).digest("hex");
}
