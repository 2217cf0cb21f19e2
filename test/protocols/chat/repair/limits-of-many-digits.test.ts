import { expect, test } from "bun:test";
import { findRepair } from "../../../../src/protocols/chat/repair/find-repair.ts";
import { profileOf, refusal, requestOf } from "./refusal.ts";

const digits = "9".repeat(400);

test.each([
  [
    "a least output",
    `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= ${digits}`,
  ],
  ["an allowance and what was asked", `tokens per minute: Limit ${digits}, Requested ${digits}`],
  ["what was asked", `tokens per minute: Limit 8000, Requested ${digits}`],
  ["what the money is good for", `You can only afford ${digits}`],
  ["a ceiling", `max_tokens is too large: 5. This model supports at most ${digits}`],
])("[F15] %s of 400 digits is no limit to send", (_name, message) => {
  const sent = requestOf({ max_tokens: 50_000 });
  for (const id of ["generic", "openai", "groq"] as const) {
    const repair = findRepair(refusal(message, 413), sent, profileOf(id));
    expect(repair === null || ["omit-field", "rename-output-limit"].includes(repair.kind)).toBe(true);
  }
});
