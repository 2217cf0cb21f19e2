import type { JsonObject } from "../json/json-value.ts";
import type { Heard, Verdict } from "./check.ts";

/** The most tokens of an answer: models that reason need room for it. */
const mostTokens = 1000;

/** A messages request with one question. */
export function askText(content: unknown, more: JsonObject = {}): JsonObject {
  return { max_tokens: mostTokens, messages: [{ role: "user", content }], ...more };
}

/** A tool that takes the name of a city. */
export function cityTool(name: string, what: string): JsonObject {
  return {
    name,
    description: `Gives ${what} of a city.`,
    input_schema: {
      type: "object",
      properties: { city: { type: "string", description: "The name of the city" } },
      required: ["city"],
    },
  };
}

export function pass(found: string): Verdict {
  return { standing: "pass", found };
}

export function fail(found: string): Verdict {
  return { standing: "fails", found };
}

export function notOffered(found: string): Verdict {
  return { standing: "not offered", found };
}

/** A failure, with what the answer was instead. */
export function failWith(heard: Heard, what: string): Verdict {
  return fail(heard.stopReason === "max_tokens" ? `${what}; the answer was cut off by its limit` : what);
}

/** The verdict on an answer that did not come; null for one that did. */
export function judgeError({ error }: Heard): Verdict | null {
  if (error === null) return null;
  return error.isRefusal ? notOffered(`it refuses the request: ${error.message}`) : fail(error.message);
}
