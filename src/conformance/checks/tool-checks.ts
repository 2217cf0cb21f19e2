import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import type { Check, Heard, HeardCall } from "../check.ts";
import { askText, cityTool, fail, failWith, judgeError, notOffered, pass } from "../judge.ts";

const weather = cityTool("get_weather", "the weather");
const clock = cityTool("get_time", "the time");

const isWhole = ({ input }: HeardCall) =>
  isJsonObject(input) && typeof input["city"] === "string" && input["city"] !== "";

const namesOf = ({ calls }: Heard) => calls.map(({ name }) => name);

export const toolCheck: Check = {
  id: "tool",
  name: "tool call streamed",
  needs: ["text"],
  isEssential: true,
  requests: 1,
  meaning: "Claude Code reads, edits and runs by calls of tools; without them it only talks.",
  async run(ask) {
    const heard = await ask(
      askText("What is the weather in Lisbon? Call get_weather.", { tools: [weather] }),
    );
    const fault = judgeError(heard);
    if (fault !== null) return fault;
    const [call] = heard.calls;
    if (call === undefined) return failWith(heard, "it called no tool");
    if (call.name !== "get_weather") return fail(`it called ${call.name}, which was not offered`);
    return isWhole(call)
      ? pass("the call came with its arguments")
      : failWith(heard, "the arguments of the call are not what the schema wants");
  },
};

export const parallelCheck: Check = {
  id: "parallel",
  name: "parallel calls",
  needs: ["tool"],
  isEssential: false,
  requests: 1,
  meaning: "Claude Code then makes one call after the other, which takes longer; nothing breaks.",
  async run(ask) {
    const heard = await ask(
      askText("Call get_weather and get_time for Lisbon, both at once in this answer.", {
        tools: [weather, clock],
      }),
    );
    const fault = judgeError(heard);
    if (fault !== null) return fault;
    const names = new Set(namesOf(heard));
    if (names.has("get_weather") && names.has("get_time")) {
      return heard.calls.every(isWhole) &&
        new Set(heard.calls.map(({ id }) => id)).size === heard.calls.length
        ? pass("two calls came in one answer")
        : fail("the two calls of one answer were mixed up");
    }
    return names.size === 0
      ? failWith(heard, "it called no tool")
      : notOffered("it made one call where two were asked for");
  },
};

export const forcedCheck: Check = {
  id: "forced",
  name: "forced choice",
  needs: ["tool"],
  isEssential: false,
  requests: 1,
  meaning: "Web search and some hooks of Claude Code force a tool; they may get a text instead.",
  async run(ask) {
    const heard = await ask(
      askText("Say hello.", { tools: [weather, clock], tool_choice: { type: "tool", name: "get_time" } }),
    );
    const fault = judgeError(heard);
    if (fault !== null) return fault;
    return namesOf(heard).includes("get_time")
      ? pass("the tool that was forced was called")
      : failWith(heard, "it did not call the tool that was forced");
  },
};

const codeWord = "heron-4821";

export const roundTripCheck: Check = {
  id: "round-trip",
  name: "tool result",
  needs: ["tool"],
  isEssential: true,
  requests: 1,
  meaning: "Claude Code sends what a tool gave back; without it no task goes on.",
  async run(ask, { first }) {
    const asked = first("tool");
    const call = asked?.calls[0];
    if (asked === undefined || call === undefined) return fail("there was no call to answer");
    const heard = await ask(continueWith(asked, call, `22 degrees. The station's code is ${codeWord}.`));
    const fault = judgeError(heard);
    if (fault !== null) return fault;
    return heard.text.includes(codeWord)
      ? pass("the answer has what the tool gave back")
      : failWith(heard, "the answer has nothing of what the tool gave back");
  },
};

/** The conversation with the call's result, and a question about it. */
export function continueWith(asked: Heard, call: HeardCall, result: string): JsonObject {
  const { body, blocks } = asked;
  const messages: readonly unknown[] = Array.isArray(body["messages"]) ? body["messages"] : [];
  const answered = [
    ...asked.calls.map(({ id }) => ({
      type: "tool_result",
      tool_use_id: id,
      content: id === call.id ? result : "Nothing is known.",
    })),
    { type: "text", text: "Name the weather and the code of the station, and call no other tool." },
  ];
  return {
    ...body,
    messages: [...messages, { role: "assistant", content: blocks }, { role: "user", content: answered }],
  };
}

/** 100 characters: Anthropic takes 128, most others 64. */
const longName =
  `mcp__${"a_server_with_a_very_long_name_".repeat(2)}_${"_and_a_tool_with_one".repeat(2)}`.slice(0, 100);

export const longNameCheck: Check = {
  id: "long-name",
  name: "long tool name",
  needs: ["tool"],
  isEssential: false,
  requests: 1,
  meaning: "Tools of MCP servers have such names; the proxy shortens those over 64 characters.",
  async run(ask) {
    const heard = await ask(
      askText("What is the weather in Lisbon? Call the tool.", {
        tools: [{ ...weather, name: longName }],
      }),
    );
    const fault = judgeError(heard);
    if (fault !== null) return fault;
    return namesOf(heard).includes(longName)
      ? pass("the tool was called by its whole name")
      : failWith(heard, "the tool was not called by its whole name");
  },
};

/** Claude Code has some 20 tools of its own, and each MCP server adds some. */
const toolCount = 60;
const wanted = "get_fact_42";

export const manyToolsCheck: Check = {
  id: "many-tools",
  name: `${toolCount} tools`,
  needs: ["tool"],
  isEssential: false,
  requests: 1,
  meaning: "With several MCP servers there are as many: use fewer, or let Claude Code search for tools.",
  async run(ask) {
    const tools = Array.from({ length: toolCount }, (_, index) =>
      cityTool(`get_fact_${index + 1}`, `fact number ${index + 1}`),
    );
    const heard = await ask(askText(`Call ${wanted} for Lisbon.`, { tools }));
    const fault = judgeError(heard);
    if (fault !== null) return fault;
    return namesOf(heard).includes(wanted)
      ? pass("the right one was called")
      : failWith(heard, `it did not call ${wanted}`);
  },
};

/** The tool of the check of reasoning. */
export const reasoningTool = weather;
