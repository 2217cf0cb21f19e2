import { expect, test } from "bun:test";
import { OutputText } from "../../../src/translate/answer/output-text.ts";

const mostKept = 2 * 1024 * 1024;

test.each<[string, number[], number, number]>([
  ["nothing", [], 0, 1],
  ["empty pieces", [0, 0], 0, 1],
  ["a few words", [5, 6], 11, 1],
  ["as much as is kept", [mostKept - 1, 1], mostKept, 1],
  ["one character more", [mostKept, 1], mostKept, (mostKept + 1) / mostKept],
  ["a piece that goes beyond it", [mostKept - 5, 10], mostKept, (mostKept + 5) / mostKept],
  ["twice as much", [mostKept, mostKept], mostKept, 2],
  ["three times as much, in one piece", [3 * mostKept], mostKept, 3],
])("[F15] what is kept of an answer for counting: %s", (_, pieces, kept, lengths) => {
  const output = new OutputText();
  for (const length of pieces) output.add("x".repeat(length));
  const length = pieces.reduce((sum, piece) => sum + piece, 0);
  expect([output.isEmpty, output.beginning.length, output.lengths]).toEqual([length === 0, kept, lengths]);
});
