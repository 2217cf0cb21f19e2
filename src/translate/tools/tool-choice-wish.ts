import type { ToolChoice } from "../../anthropic/messages-request.ts";

/** How the client wants the tools to be used (rule 1.3). */
export interface ToolChoiceWish {
  /** `auto`, too, when it said nothing. */
  type: ToolChoice["type"];
  /** Of type `tool`: the tool's name, as the client knows it; else null. */
  name: string | null;
  /** No more than one call at a time. */
  forbidsParallel: boolean;
}

/** Reads the wish. */
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

/** True when the client insists on a call. */
export function insistsOnCall({ type }: ToolChoiceWish): boolean {
  return type === "any" || type === "tool";
}
