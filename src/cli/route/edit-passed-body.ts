import { isJsonObject } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";
import { isAnthropic } from "../../profiles/known-upstreams.ts";
import { buildPassedBody } from "../../relay/pass-through/passed-request.ts";
import type { GivenRequest } from "./parse-messages-request.ts";

/** A request that is passed on. */
export interface EditedBody {
  /** As it goes out, without what the upstream's settings add. */
  readonly text: string;
  readonly dropped: readonly string[];
  readonly mended: readonly string[];
}

/** The line about accounts is no field, so it is found by what is left of the system prompt. */
const billingLine = "the billing line of the system prompt";

/** Edits a request for an upstream on Anthropic's own wire; the same code edits it when a proxy sends it. */
export async function editPassedBody(
  { path, body }: GivenRequest,
  { baseUrl, model }: { baseUrl: string; model: string },
): Promise<EditedBody> {
  const { bytes, repairs } = await buildPassedBody(
    {
      settings: { body: {} },
      passing: { isAnthropic: isAnthropic(baseUrl) },
      takeTurn: (step) => step(),
    },
    {
      request: body,
      bodyBytes: new TextEncoder().encode(JSON.stringify(body)),
      route: { model },
      isLarge: false,
    },
    { faults: new Set(), isCount: path === "count_tokens" },
  );
  const text = new TextDecoder().decode(bytes);
  const left = parseJson(text);
  const isWhole = isJsonObject(left) && Bun.deepEquals(left["system"], body["system"]);
  return { text, dropped: isWhole ? [] : [billingLine], mended: repairs };
}
