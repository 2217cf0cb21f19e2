import { expect, test } from "bun:test";
import { readErrorBody } from "../../../src/translate/failures/error-facts.ts";
import { findSubject } from "../../../src/translate/refusals/find-subject.ts";
import { soonMs } from "../../support/soon-ms.ts";

const facts = readErrorBody({ error: { message: "" } });

const pieces = [
  "only ",
  "parameter ",
  "response_format ",
  "with the ",
  "unknown ",
  "0.5.",
  "a",
  " ",
  "json_schema ",
];

/** A hundred times what is kept of a text. What is linear takes a twentieth of a second, a square a minute. */
const characters = 200_000;

test.each(pieces)("[F6] what a refusal is about is found in time that grows with its text: %j", (piece) => {
  const text = piece.repeat(characters / piece.length);
  const startedAtMs = performance.now();
  findSubject({ ...facts, text }, { value: 0.5, isAmongOthers: false });
  expect(performance.now() - startedAtMs).toBeLessThan(soonMs);
});
