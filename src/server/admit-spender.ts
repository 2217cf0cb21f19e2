import { UnreadRequest } from "../anthropic/unread-request.ts";
import type { Budgets, PricedTarget, RequestSize } from "../budget/budgets.ts";
import { onlyUpstream } from "../config/list-upstreams.ts";
import { sessionOf } from "../relay/read-unread.ts";
import type { MessagesCall, Relay, RelayCall } from "../relay/relay.ts";
import { estimatePromptTokens } from "../routing/estimate-prompt-tokens.ts";
import type { ModelRoute } from "../routing/route.ts";

/** Of a request that nobody can read; about what a token of English takes. */
const bytesPerToken = 4;
/** What a request that nobody can read wants to hear at most, if it does not say it in a number. */
const usualMaxTokens = 32_000;

/** Who asks, and with how much. */
type Asking = Pick<RelayCall, "client" | "sessionId" | "bodyBytes"> & {
  readonly exchange: Pick<RelayCall["exchange"], "requestId">;
  /** The most tokens that any model is asked for. */
  readonly maxOutputTokens: number;
};

/**
 * Whether somebody may spend more.
 * @returns what the relay has to ask before the request is sent: it throws the ApiError for somebody whose cap is reached.
 *   Nothing if the request may be sent to any target
 */
export async function admitSpender(
  budgets: Budgets,
  relay: Relay,
  request: Parameters<Relay["open"]>[0],
  { client, sessionId, bodyBytes, maxOutputTokens, exchange: { requestId } }: Asking,
): Promise<Pick<MessagesCall, "admitTarget" | "admitNext">> {
  const spender = { client: client?.name ?? null, sessionId: sessionId ?? sessionOf(request) };
  const { byteLength } = bodyBytes;
  try {
    const admit = await budgets.admit(spender, {
      requestId,
      measure: () => measureRequest(request, byteLength),
    });
    if (admit === null) return {};
    const describe = (route: ModelRoute) => describeTarget(route, relay, maxOutputTokens);
    return {
      admitTarget: (route) => admit(describe(route)),
      ...(budgets.admitNext !== undefined && {
        admitNext: (route) => budgets.admitNext?.(requestId, describe(route)) ?? null,
      }),
    };
  } catch (refusal) {
    // Not at once: first the relay notes whose request it is, and what it asks for, so that the record can tell.
    return {
      admitTarget: () => {
        throw refusal;
      },
    };
  }
}

function measureRequest(request: Parameters<Relay["open"]>[0], bodyBytes: number): RequestSize {
  if (!(request instanceof UnreadRequest)) {
    return { input: estimatePromptTokens(request), output: request.max_tokens };
  }
  const asked = request.body["max_tokens"];
  const output = typeof asked === "number" && asked >= 0 ? asked : usualMaxTokens;
  return { input: Math.ceil(bodyBytes / bytesPerToken), output };
}

function describeTarget(
  { upstream, model, profile }: ModelRoute,
  { priceOf }: Relay,
  maxOutputTokens: number,
): PricedTarget {
  const { outputCeiling } = profile.traits.request;
  return {
    name: upstream === onlyUpstream ? model : `${upstream}/${model}`,
    price: priceOf({ upstream, model }),
    tellsCost: profile.traits.answer.tellsCost,
    // What is passed on is not changed.
    outputCeiling:
      profile.protocol === "anthropic" ? null : Math.min(maxOutputTokens, outputCeiling ?? maxOutputTokens),
  };
}
