import type { Asked } from "../translate/conversation/asked.ts";
import type { RequestNotes } from "../translate/request-notes.ts";
import type { BuiltRequest, Recovery, Target } from "./protocol.ts";

/** Where a request goes, and how it is built after a refusal. */
export type BuildOptions = Target & Recovery;

/** What the conversion of the turns needs besides them. */
export type ConversionOptions = BuildOptions & { thinkingIsOn: boolean; notes: RequestNotes };

/** How one wire writes a request, turn by turn; `Writing` is a request while it is written. */
export interface RequestSteps<Writing extends { notes: RequestNotes }, Body> {
  begin(asked: Asked, options: BuildOptions): Writing;
  /** Writes the turns from one index up to another. */
  convertTurns(writing: Writing, from: number, to: number): void;
  end(writing: Writing): Pick<BuiltRequest<Body>, "body" | "plan">;
}

/** Writes requests of one wire. */
export interface RequestBuilder<Body> {
  build(asked: Asked, options: BuildOptions): BuiltRequest<Body>;
  /** The same in parts: a hundred thousand messages take 60 ms. */
  buildInParts(asked: Asked, options: BuildOptions): Generator<void, BuiltRequest<Body>>;
}

/** Turns that are converted between two yields: 5 ms at most if none is long. */
const turnsAtOnce = 10_000;

/** Creates the builder of a wire, which writes a request at once or in parts. */
export function createRequestBuilder<Writing extends { notes: RequestNotes }, Body>(
  steps: RequestSteps<Writing, Body>,
): RequestBuilder<Body> {
  const end = (writing: Writing): BuiltRequest<Body> => {
    const { body, plan } = steps.end(writing);
    const { dropped, mended } = writing.notes;
    return { body, plan, dropped: [...dropped], mended: [...mended] };
  };
  return {
    build(asked, options) {
      const writing = steps.begin(asked, options);
      steps.convertTurns(writing, 0, asked.turns.length);
      return end(writing);
    },
    *buildInParts(asked, options) {
      const writing = steps.begin(asked, options);
      for (let from = 0; from < asked.turns.length; from += turnsAtOnce) {
        yield;
        steps.convertTurns(writing, from, Math.min(from + turnsAtOnce, asked.turns.length));
      }
      yield;
      return end(writing);
    },
  };
}
