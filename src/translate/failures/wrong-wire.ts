import type { ProtocolId } from "../../profiles/protocol-id.ts";
import type { UpstreamError } from "../../upstream/upstream-error.ts";
import { type ErrorFacts, readErrorBody } from "./error-facts.ts";
import { resolveStatus } from "./resolve-status.ts";
import { isUnknownModel } from "./set-up-faults.ts";

/** A request as it was asked. */
interface AskedOn {
  protocol: ProtocolId;
  /** The model id requested from the upstream. */
  model: string;
}

/** Texts, in lower case, of a server that has a model, or its tools, on the other wire only: by the wire that was asked. */
const refusalTexts: Readonly<Record<ProtocolId, readonly RegExp[]>> = {
  chat: [
    /v1\/responses/,
    /only supported in\b.*\bresponses/,
    /function tools with reasoning_effort are not supported/,
  ],
  responses: [/v1\/chat\/completions/, /only supported in\b.*\bchat completions/],
  anthropic: [],
};

/** The statuses of a server that does not know an address, or nothing that is posted to it. */
const noEndpoint = new Set([404, 405, 501]);

/** The wire on which the upstream wants to be asked instead, or null if its refusal says nothing of that (rule 20.3). */
export function findOtherWire(error: UpstreamError, { protocol, model }: AskedOn): ProtocolId | null {
  if (error.kind !== "http" || error.setUp !== undefined || protocol === "anthropic") return null;
  if (protocol === "chat") return refusesWire(error, protocol) ? "responses" : null;
  return refusesWire(error, protocol) || lacksEndpoint(error, model) ? "chat" : null;
}

/** Whether the upstream asks for the other wire where the settings name this one: only they can change that. */
export function wantsOtherSetting(
  error: UpstreamError,
  { protocol, isProtocolFixed }: Pick<AskedOn, "protocol"> & { isProtocolFixed: boolean },
): boolean {
  return isProtocolFixed && error.setUp === undefined && refusesWire(error, protocol);
}

/** Whether the upstream has the wire, but says that it wants to be asked on the other one. */
function refusesWire(error: UpstreamError, protocol: ProtocolId): boolean {
  const facts = readErrorBody(error.body);
  const status = resolveStatus(error.status, facts);
  if (status !== 400 && status !== 404) return false;
  const text = facts.text.toLowerCase();
  return (
    facts.names.includes("unsupported_api_for_model") ||
    refusalTexts[protocol].some((form) => form.test(text))
  );
}

/** Whether the wire is not there: no such address, a page or another API's answer in its place, or the way elsewhere. */
export function lacksWire(error: UpstreamError, model: string): boolean {
  const isRedirect = error.status !== undefined && error.status >= 300 && error.status < 400;
  return error.kind === "malformed" || isRedirect || lacksEndpoint(error, model);
}

/**
 * Whether the upstream has no such address at all: a refusal that names the model, or a choice of tools (vLLM, 501), has
 * read the request.
 */
function lacksEndpoint(error: UpstreamError, model: string): boolean {
  if (error.kind !== "http" || error.status === undefined || !noEndpoint.has(error.status)) return false;
  return !hasReadRequest(readErrorBody(error.body), model);
}

function hasReadRequest(facts: ErrorFacts, model: string): boolean {
  const said = [facts.text, ...facts.names].join(" ").toLowerCase();
  const isNamed = model !== "" && said.includes(model.toLowerCase());
  return isNamed || isUnknownModel(facts) || /model|endpoints|deployment|tool_choice/.test(said);
}
