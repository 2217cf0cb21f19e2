import { ApiError } from "../../anthropic/api-error.ts";
import { type BodyEdits, editBody } from "../../protocols/anthropic/edit-body.ts";
import { membersWithoutThinking, type ThinkingFault } from "../../protocols/anthropic/find-thinking-fault.ts";
import { redactSecrets } from "../../secrets/redact-secrets.ts";
import { createSecretFinder } from "../../secrets/secret-finder.ts";
import { isUnguessable } from "../../secrets/secret-form.ts";
import { runAtOnce, runSteps } from "../../turns/run-steps.ts";
import type { PassedResponse, PassingCall, PassingClient } from "../../upstream/passing-client.ts";
import type { PassDependencies, PassedCount } from "./pass-call.ts";
import { buildPassedHeaders } from "./passed-headers.ts";
import type { Passing } from "./passing.ts";

/** The body of a request as it goes out, and what was changed in it, in words. */
export interface PassedBody {
  bytes: Uint8Array;
  repairs: readonly string[];
}

/**
 * The body for this upstream. The client's bytes are kept but for the model, what the settings change, and what the
 * upstream could not read.
 * @param faults what the upstream found in the thinking so far
 * @param isCount the request is only counted: what the settings add for answers is left out
 */
export async function buildPassedBody(
  {
    settings,
    passing,
    takeTurn,
  }: Pick<PassDependencies, "takeTurn"> & {
    settings: Pick<PassDependencies["settings"], "body">;
    passing: Pick<Passing, "isAnthropic">;
  },
  {
    request,
    bodyBytes,
    route,
    isLarge,
  }: Pick<PassedCount, "request" | "bodyBytes" | "isLarge"> & { route: Pick<PassedCount["route"], "model"> },
  { faults, isCount }: { faults: ReadonlySet<ThinkingFault>; isCount: boolean },
): Promise<PassedBody> {
  const members = new Map<string, unknown>([["model", route.model]]);
  if (faults.has("missing"))
    for (const [name, value] of membersWithoutThinking(request)) members.set(name, value);
  for (const [name, value] of Object.entries(settings.body))
    if (!isCount || value === null) members.set(name, value);
  const edits: BodyEdits = {
    members,
    withoutThinking: faults.size > 0 ? "any" : "ours",
    withoutBilling: !passing.isAnthropic,
  };
  const steps = editBody(bodyBytes, edits);
  const { bytes, removedBlocks } = isLarge ? await runSteps(steps, takeTurn) : runAtOnce(steps);
  const repairs: string[] = [];
  if (removedBlocks > 0)
    repairs.push(`${removedBlocks} thinking ${removedBlocks === 1 ? "block" : "blocks"} left out`);
  if (faults.has("missing")) repairs.push("thinking switched off");
  return { bytes, repairs };
}

/** Everything that all sends of a request have in common. Holds no conversation. */
export interface PassedHead {
  /** Takes credentials out of texts. */
  redact: (text: string) => string;
  /** Sends a body. Throws as the client does. */
  send(
    client: PassingClient,
    call: Pick<PassingCall, "path" | "body" | "budget" | "controller">,
  ): Promise<PassedResponse>;
}

/**
 * Builds the head of a request. If the upstream takes the client's own credential, throws ApiError: 401 if it has none,
 * 500 if another upstream has got it.
 */
export function buildPassedHead(
  { settings, passing }: Pick<PassDependencies, "settings" | "passing">,
  { head, key, route, watch }: Pick<PassedCount, "head" | "key" | "route" | "watch">,
): PassedHead {
  const { name, passesClientKey } = settings;
  const { keyHeader, silenceSeconds } = route.profile.traits.request;
  // One that does not go to the upstream cannot come back from there.
  const credential = passesClientKey ? head.credential : null;
  if (passesClientKey && credential === null) throw missingCredential(name);
  const given = credential?.headersFor(settings) ?? null;
  if (passesClientKey && given === null) throw lostCredential(name);
  const headers = buildPassedHeaders({
    client: head,
    settings,
    key: passesClientKey ? null : key,
    credential: given,
    takesApiKey: passing.isAnthropic || keyHeader === "api-key",
    version: passing.version,
  });
  const query = keptQuery(head.query);
  const redact = (text: string) => {
    const ours = [key ?? "", ...Object.values(settings.headers).filter(isUnguessable)];
    const finder = createSecretFinder(ours);
    const withoutOurs = finder === null ? text : redactSecrets(text, finder, "…");
    return credential?.redact(withoutOurs) ?? withoutOurs;
  };
  return {
    redact,
    async send(client, call) {
      return await client.send({ ...call, query, headers, silenceSeconds, redact, watch });
    },
  };
}

function missingCredential(name: string): ApiError {
  return new ApiError(
    "authentication_error",
    `the upstream ${name} takes your own login or key, and this request has none. Run /login in Claude Code, or set ANTHROPIC_API_KEY to a key of that upstream`,
  );
}

function lostCredential(name: string): ApiError {
  return new ApiError(
    "api_error",
    `your login or key was sent to another upstream, and is not sent to ${name} too`,
  );
}

/** Of the query, only what Anthropic's clients send: the rest may be anything, keys among them. */
function keptQuery(query: string): string {
  if (query === "" || query === "?beta=true") return query;
  const beta = new URLSearchParams(query).get("beta");
  return beta === null ? "" : `?${new URLSearchParams({ beta })}`;
}
