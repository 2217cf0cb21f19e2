import { isJsonObject } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";
import type { Check } from "../check.ts";
import { askText, fail, failWith, judgeError, notOffered, pass } from "../judge.ts";

export const textCheck: Check = {
  id: "text",
  name: "text streamed",
  needs: [],
  isEssential: true,
  requests: 1,
  meaning: "Claude Code shows an answer as it grows; without one nothing works.",
  async run(ask) {
    const heard = await ask(askText("Say hello in one sentence."));
    const fault = judgeError(heard);
    if (fault !== null) return fault;
    if (heard.text.trim() === "") return failWith(heard, "there was no text in the answer");
    // A whole answer begins with its object; a stream with `data:`, `event:` or a comment.
    return heard.received.trimStart().startsWith("{")
      ? { standing: "repaired", found: "it answers in one piece; the proxy makes the events" }
      : pass("the text came in events");
  },
};

export const usageCheck: Check = {
  id: "usage",
  name: "usage chunk",
  needs: ["text"],
  isEssential: false,
  requests: 0,
  meaning: "Claude Code compacts by these counts; the proxy counts by itself, a few percent off.",
  async run(_ask, { first }) {
    const heard = first("text");
    if (heard === undefined || heard.tokens === null) return fail("no tokens were counted");
    return heard.usageEstimated
      ? { standing: "repaired", found: "it tells no usage; the proxy counts the tokens itself" }
      : pass("the tokens were told at the end");
  },
};

const stopWord = "charlie";

export const stopCheck: Check = {
  id: "stop",
  name: "stop sequence",
  needs: ["text"],
  isEssential: false,
  requests: 1,
  meaning: "Claude Code uses stop sequences in its safety check; answers are longer than they need be.",
  async run(ask) {
    const heard = await ask(
      askText("Write these words and nothing else: alpha bravo charlie delta", {
        stop_sequences: [stopWord],
      }),
    );
    const fault = judgeError(heard);
    if (fault !== null) return fault;
    if (heard.text.includes(stopWord)) return fail("the answer went on behind the stop sequence");
    return heard.text.includes("bravo")
      ? pass("the answer ended before the stop sequence")
      : failWith(heard, "the answer has not the words before the stop sequence");
  },
};

const schema = {
  type: "object",
  properties: { title: { type: "string" }, count: { type: "integer" } },
  required: ["title", "count"],
  additionalProperties: false,
};

export const structuredCheck: Check = {
  id: "structured",
  name: "structured output",
  needs: ["text"],
  isEssential: false,
  requests: 1,
  meaning: "Claude Code names sessions with it; hooks and --json-schema need it.",
  async run(ask) {
    const heard = await ask(
      askText("Give a title for a talk about two herons, and their count, as JSON.", {
        output_config: { format: { type: "json_schema", schema } },
      }),
    );
    const fault = judgeError(heard);
    if (fault !== null) return fault;
    const value = parseJson(heard.text);
    return isJsonObject(value) && typeof value["title"] === "string" && Number.isInteger(value["count"])
      ? pass("the answer fits the schema")
      : failWith(heard, "the answer does not fit the schema");
  },
};

export const systemCheck: Check = {
  id: "system",
  name: "system in the middle",
  needs: ["text"],
  isEssential: true,
  requests: 1,
  meaning: "Claude Code sends its reminders as system messages between the others.",
  async run(ask) {
    const heard = await ask(
      askText("", {
        system: "You answer in one sentence.",
        messages: [
          { role: "user", content: "Say hello." },
          { role: "assistant", content: "Hello." },
          { role: "user", content: "Say goodbye." },
          { role: "system", content: "Answer in English." },
        ],
      }),
    );
    const fault = judgeError(heard);
    if (fault !== null) return fault;
    return heard.text.trim() === ""
      ? failWith(heard, "there was no text in the answer")
      : pass("it was answered");
  },
};

export const windowCheck: Check = {
  id: "window",
  name: "context window",
  needs: ["text"],
  isEssential: false,
  requests: 0,
  meaning:
    "Claude Code takes 200,000 tokens for granted: set window in config.yaml, or it compacts too late.",
  async run(_ask, { toldWindow, writtenWindow }) {
    const written = writtenWindow === null ? "" : `config.yaml says ${writtenWindow} tokens`;
    if (toldWindow === null) return written === "" ? notOffered("it does not tell it") : pass(written);
    if (writtenWindow !== null && writtenWindow > toldWindow)
      return fail(`the upstream says ${toldWindow} tokens, ${written}`);
    return pass(`the upstream says ${toldWindow} tokens`);
  },
};
