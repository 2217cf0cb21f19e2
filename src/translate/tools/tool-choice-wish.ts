import type { ToolChoice } from "../../anthropic/messages-request.ts";

/** How the client wants the tools to be used (rule 1.3). */
export interface ToolChoiceWish {
  /** Also `auto` if the client did not say. */
  type: ToolChoice["type"];
  /** For type `tool`: the tool's name, as the client knows it; else null. */
  name: string | null;
  /** At most one call at a time. */
  forbidsParallel: boolean;
}

/** Reads the client's choice. */
export function readToolChoice(choice: ToolChoice | null | undefined): ToolChoiceWish {
  if (!choice || choice.type === "none") {
    return { type: choice ? "none" : "auto", name: null, forbidsParallel: false };
  }
  return {
    type: choice.type,
    name: choice.type === "tool" ? choice.name : null,
    forbidsParallel: choice.disable_parallel_tool_use === true,
  };
}

/** True if the client requires a call. */
export function insistsOnCall({ type }: ToolChoiceWish): boolean {
  return type === "any" || type === "tool";
}
