import { expect } from "bun:test";
import type { ProfileId } from "../../../src/profiles/profile-ids.ts";
import { findViolations } from "../strict-rules.ts";

export const call = (id: string, name = "Read", text = "{}") => ({
  id,
  type: "function",
  function: { name, arguments: text },
});
export const calls = (...list: object[]) => ({ role: "assistant", content: null, tool_calls: list });
export const result = (id: string, content: unknown = "ok") => ({ role: "tool", tool_call_id: id, content });
export const user = (content: unknown = "hi") => ({ role: "user", content });
export const assistant = (content: unknown = "yes") => ({ role: "assistant", content });
export const system = (content: unknown = "S") => ({ role: "system", content });
export const tool = (name: string, more: object = {}) => ({
  type: "function",
  function: { name, description: "d", parameters: { type: "object", properties: {} }, ...more },
});

export const request = (...messages: unknown[]) => ({ model: "m", messages });
export const round = (first: object, ...results: object[]) => request(user(), first, ...results);
export const withTools = (more: object = {}, ...tools: object[]) => ({
  ...request(user()),
  tools: tools.length > 0 ? tools : [tool("Read")],
  ...more,
});

/** One rule of the strict upstream: a request that keeps it and one that breaks it, and what is said then. */
export interface StrictCase {
  rule: string;
  /** Default: generic. */
  family?: ProfileId;
  good: unknown;
  bad: unknown;
  says: string[];
}

export function expectCase({ family = "generic", good, bad, says }: StrictCase): void {
  expect(findViolations(good, family)).toEqual([]);
  expect(findViolations(bad, family)).toEqual(says);
}
