import { isJsonObject, nonEmptyString } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";
import { readWholeNumber } from "../../json/whole-number.ts";
import { createSendBudget } from "../../upstream/send-budget.ts";
import { UpstreamError } from "../../upstream/upstream-error.ts";
import { createCall } from "../upstream-call.ts";
import { beginPassed } from "./begin-passed.ts";
import { createPassExplainer } from "./explain-passed.ts";
import type { PassDependencies, PassedCount } from "./pass-call.ts";
import { buildPassedBody, buildPassedHead } from "./passed-request.ts";

/** Statuses of a server that does not know the path, or not for this method. */
const missingStatuses: readonly (number | undefined)[] = [404, 405, 501];

/**
 * Asks the upstream for the input tokens of a request. Null if it counts none: then they are counted here, and the
 * upstream is not asked again. Throws ApiError.
 */
export async function countByPassThrough(
  deps: PassDependencies,
  counted: PassedCount,
): Promise<number | null> {
  const { passing } = deps;
  if (passing.lacksCount) return null;
  const { exchange, route } = counted;
  try {
    return await askForCount(deps, counted);
  } catch (thrown) {
    const isUncounted = thrown instanceof UpstreamError && missingStatuses.includes(thrown.status);
    // A model that is missing says nothing about the path.
    if (isUncounted && !namesModel(thrown)) passing.lacksCount = true;
    if (isUncounted) return null;
    throw createPassExplainer(deps, { exchange, route, modelSetting: null, clientSignal: null })(thrown);
  }
}

async function askForCount(deps: PassDependencies, counted: PassedCount): Promise<number | null> {
  const { exchange } = counted;
  const head = buildPassedHead(deps, counted);
  exchange.fields.protocol = "anthropic";
  const call = createCall(new AbortController().signal, deps.running);
  try {
    const budget = createSendBudget();
    const { bytes } = await beginPassed({
      budget,
      redact: head.redact,
      send: async (faults) => {
        const { bytes: body } = await buildPassedBody(deps, counted, { faults, isCount: true });
        const { controller } = call;
        return await head.send(deps.passing.client, {
          path: "/messages/count_tokens",
          body,
          budget,
          controller,
        });
      },
    });
    const answer = parseJson(new TextDecoder().decode(bytes));
    const tokens = isJsonObject(answer) ? readWholeNumber(answer["input_tokens"]) : null;
    exchange.fields.inputTokens = tokens;
    return tokens;
  } finally {
    call.end();
  }
}

function namesModel({ body }: UpstreamError): boolean {
  const error = isJsonObject(body) ? body["error"] : null;
  return (
    isJsonObject(error) &&
    error["type"] === "not_found_error" &&
    /model/i.test(nonEmptyString(error["message"]) ?? "")
  );
}
