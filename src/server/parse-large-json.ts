import { isUtf8 } from "node:buffer";
import type { JsonLimits } from "../json/find-excess.ts";
import { outlineJson } from "../json/outline-json.ts";
import { BrokenPiece, parsePieces } from "../json/parse-pieces.ts";
import { runSteps, type StepRunner } from "../turns/run-steps.ts";

/** The parsed value, or the limit that the text exceeds. */
export type LargeJson = { value: unknown } | { excess: keyof JsonLimits };

/** Bytes to parse in one step: 5 ms if they are many short values, less than 1 ms if they belong to one text. */
const defaultPieceBytes = 512 * 1024;

/**
 * Parses a JSON text of many megabytes in short steps: decoding and parsing 30 MB at once takes a tenth of a second,
 * most of it for memory. Null if that is impossible: the text is no UTF-8 or no JSON, or it has no long value. Parsing
 * the text at once reports such faults best. `rewrite` may change the text of numbers.
 */
export async function parseLargeJson(
  bytes: Uint8Array,
  limits: JsonLimits,
  runStep: StepRunner,
  pieceBytes = defaultPieceBytes,
  rewrite?: (json: string) => string,
): Promise<LargeJson | null> {
  if (!(await runStep(() => isUtf8(bytes)))) return null;
  const { excess, root } = await runSteps(outlineJson(bytes, limits, pieceBytes), runStep);
  if (excess !== null) return { excess };
  if (root === null) return null;
  try {
    return { value: await runSteps(parsePieces(bytes, root, pieceBytes, rewrite), runStep) };
  } catch (error) {
    if (error instanceof BrokenPiece || error instanceof SyntaxError) return null;
    throw error;
  }
}
