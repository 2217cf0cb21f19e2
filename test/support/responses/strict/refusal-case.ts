import { expect } from "bun:test";
import { findRefusals } from "./find-refusals.ts";
import type { ResponsesFamily } from "./responses-families.ts";

export const user = (content: unknown = "hi") => ({ type: "message", role: "user", content });
export const said = (text = "yes", more: object = {}) => ({
  type: "message",
  role: "assistant",
  content: [{ type: "output_text", text, annotations: [] }],
  ...more,
});
export const call = (id: string, more: object = {}) => ({
  type: "function_call",
  call_id: id,
  name: "Read",
  arguments: "{}",
  ...more,
});
export const output = (id: string, content: unknown = "ok") => ({
  type: "function_call_output",
  call_id: id,
  output: content,
});
export const blob = (encrypted: unknown = "gAAAA", more: object = {}) => ({
  type: "reasoning",
  summary: [],
  encrypted_content: encrypted,
  ...more,
});
export const thought = (text = "hm") => ({
  type: "reasoning",
  summary: [],
  content: [{ type: "reasoning_text", text }],
});
export const tool = (name = "Read", more: object = {}) => ({
  type: "function",
  name,
  description: "d",
  parameters: { type: "object", properties: {} },
  strict: false,
  ...more,
});

export const request = (...input: unknown[]) => ({ model: "m", input, store: false });
/** A legal request, with these members added or changed. */
export const asked = (more: object = {}) => ({ ...request(user()), ...more });
export const withTools = (more: object = {}, ...tools: object[]) =>
  asked({ tools: tools.length > 0 ? tools : [tool()], ...more });

/** One rule of the strict upstream: a request that keeps it and one that breaks it, and what is said then. */
export interface RefusalCase {
  rule: string;
  /** Default: generic. */
  family?: ResponsesFamily;
  good: unknown;
  bad: unknown;
  /** The message of each refusal, or its beginning, in which `…` stands for anything. */
  says: string[];
  code?: string | null;
}

export function expectRefusal({ family = "generic", good, bad, says, code }: RefusalCase): void {
  expect(findRefusals(good, family)).toEqual([]);
  const refusals = findRefusals(bad, family);
  const isSaid = refusals.map(({ message }, index) => matches(message, says[index] ?? ""));
  const told = refusals.map(({ message }, index) => (isSaid[index] ? (says[index] ?? "") : message));
  expect(told).toEqual(says);
  if (code !== undefined) expect(refusals[0]?.code ?? null).toBe(code);
}

function matches(message: string, pattern: string): boolean {
  const [start = "", ...others] = pattern.split("…");
  return others.length === 0
    ? message === pattern
    : message.startsWith(start) && others.every((part) => message.includes(part));
}
