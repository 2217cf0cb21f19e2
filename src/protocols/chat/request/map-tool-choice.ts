import type { SettledTools } from "../../../translate/tools/settle-tool-choice.ts";
import type { ChatRequest, ServerTool } from "../chat-request.ts";

/** What is sent about the use of the tools (rule 1.3). */
export function mapToolChoice({
  choice,
  parallel,
}: SettledTools<"required" | "any", ServerTool>): Pick<ChatRequest, "tool_choice" | "parallel_tool_calls"> {
  return {
    ...(choice !== null && {
      tool_choice:
        typeof choice === "string" ? choice : { type: "function", function: { name: choice.name } },
    }),
    ...(parallel !== null && { parallel_tool_calls: parallel }),
  };
}
