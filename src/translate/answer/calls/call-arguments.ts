import type { RequestedTool } from "../../tools/requested-tool.ts";
import type { RequestedTools } from "../../tools/requested-tools.ts";
import { findMemberRules } from "./find-member-rules.ts";
import { findRequestedTool } from "./find-requested-tool.ts";
import { MemberRules } from "./member-rules.ts";
import { ToolArguments } from "./tool-arguments.ts";

/** Creates the readers of the arguments of one answer's calls. */
export class CallArguments {
  readonly #tools: RequestedTools;
  readonly #isBuffering: boolean;
  /** Determined once for each tool: an answer may call one ten thousand times. */
  readonly #rules = new Map<RequestedTool | null, MemberRules>();

  constructor(tools: RequestedTools, isBuffering: boolean) {
    this.#tools = tools;
    this.#isBuffering = isBuffering;
  }

  /** Creates the reader for a call of the tool with this name. */
  create(name: string): ToolArguments {
    const tool = findRequestedTool(this.#tools, name);
    const rules = this.#rules.get(tool) ?? new MemberRules(findMemberRules(tool));
    this.#rules.set(tool, rules);
    return new ToolArguments({ isBuffering: this.#isBuffering, rules });
  }
}
