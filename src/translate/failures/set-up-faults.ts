import { textsOfScalars } from "../../json/json-value.ts";
import type { ProtocolId } from "../../profiles/protocol-id.ts";
import type { ErrorFacts } from "./error-facts.ts";

export interface SetUpContext {
  /** The model id requested from the upstream. */
  model: string;
  /** The setting that names the model; null if the client did. */
  modelSetting: string | null;
  /** Where requests are sent; without the path of the wire. */
  baseUrl: string;
  /** The wire on which the upstream was asked. */
  protocol: ProtocolId;
  /** Whether the settings name that wire, so that no other one is tried. */
  isProtocolFixed: boolean;
  /** The command that gets a model onto the upstream; null if it has none. */
  pullCommand: string | null;
}

const unknownModelNames = ["model_not_found", "model_not_supported", "deploymentnotfound"];

/** Texts, in lower case, that are only used about a model, whatever the status. */
const unknownModelTexts = [
  /is not a valid model id/,
  /\b(?:unknown|invalid) model\b(?! (?:parameter|setting|option|field|input|output|config))/,
  /\bmodel not exist/,
  /\bmodel not found\b/,
  /\bmodel identifier is invalid/,
  /\bno models? (?:is |are )?loaded/,
  /\bnot found the model\b/,
  /\bunable to access model\b/,
  /\brequested model is not supported/,
  /\bmodel [`'"][^`'"\n]{1,300}[`'"] (?:does not exist|(?:was |is )?not found)/,
  /\bmodels?\/\S{1,300} is not found\b/,
];

/** Whether an error says that the upstream does not have the requested model. */
export function isUnknownModel(facts: ErrorFacts): boolean {
  const text = facts.text.toLowerCase();
  return (
    facts.names.some((name) => unknownModelNames.includes(name)) ||
    unknownModelTexts.some((form) => form.test(text))
  );
}

/** Texts, in lower case, which say that a model, or the server around it, supports no tools at all. */
const noToolsTexts = [
  /\bdoes not support (?:tools?\b|tool[ _-](?:use|calls?|calling)|function[ _-]call)/,
  /\btool[ _-](?:use|calls?|calling)`? (?:is|are) not (?:supported|enabled)/,
  /\bfunction[ _-]call(?:s|ing)?`? (?:is|are) not (?:supported|enabled)/,
  /\btools (?:is|are) not supported/,
  /\btools param requires --jinja/,
  /\brequires --enable-auto-tool-choice/,
];

/** Whether an error says that tools need another model, or other start options of the server. */
export function lacksTools({ text }: ErrorFacts): boolean {
  const said = text.toLowerCase();
  return noToolsTexts.some((form) => form.test(said));
}

/** Whether a TLS server reports that it was called with plain HTTP. */
export function wantsTls({ text }: ErrorFacts): boolean {
  return /plain http (?:request was sent )?to (?:an? )?(?:https|ssl)|http request to an https server/i.test(
    text,
  );
}

/** The message for a model that the upstream does not have. */
export function sayUnknownModel(host: string, message: string, context: SetUpContext): string {
  const { model, pullCommand } = context;
  const pull = pullCommand === null ? "" : `, or get it: ${pullCommand} ${model}`;
  return `${host} does not have the model ${model}: ${sentence(message)} ${chooseModel(context, "that it has")}${pull}`;
}

/** The message for a model, or a server, without tools. */
export function sayNoTools(host: string, message: string, context: SetUpContext): string {
  const isServer = message.includes("--");
  const way = isServer
    ? "Start that server with the option that it names"
    : chooseModel(context, "that can use tools, as Claude Code needs");
  return `${context.model} at ${host} cannot use tools: ${sentence(message)} ${way}`;
}

/** The message if no provider at OpenRouter offers the model with a feature that the request needs. */
export function sayNoProvider(host: string, feature: string, message: string, context: SetUpContext): string {
  const way = chooseModel(context, "that has one");
  return `no provider of ${context.model} at ${host} supports ${feature}: ${sentence(message)} ${way}`;
}

/** Each wire as messages name it, and the path of its requests. */
const wires: Readonly<Record<ProtocolId, { name: string; path: string }>> = {
  chat: { name: "chat completions", path: "/chat/completions" },
  responses: { name: "Responses API", path: "/responses" },
  anthropic: { name: "Messages API", path: "/messages" },
};

/** The message for an address without the wire. */
export function sayWrongAddress(
  host: string,
  message: string,
  { baseUrl, protocol, isProtocolFixed }: SetUpContext,
): string {
  const wire = wires[protocol];
  const { origin, pathname } = new URL(baseUrl);
  const path = pathname.replace(/\/$/, "");
  const better = /\/v\d/.test(path) ? "" : `, which for most servers ends in /v1: ${origin}${path}/v1`;
  const other = isProtocolFixed && protocol === "responses" ? ", or set UPSTREAM_PROTOCOL=chat" : "";
  return `${host} has no ${wire.name} at ${path}${wire.path}: ${sentence(message)} Check the setting BASE_URL${better}${other}`;
}

/** The message for a model, or its tools, that the upstream has on another wire only than the one that was asked. */
export function sayOtherWire(host: string, message: string, { model, protocol }: SetUpContext): string {
  const [wire, setting] = protocol === "chat" ? ["Responses API", "responses"] : ["Chat Completions", "chat"];
  return `${host} wants to be asked for ${model} on its ${wire}: ${sentence(message)} Set UPSTREAM_PROTOCOL=${setting}`;
}

/** The message for a key that the upstream refuses. */
export function sayKeyRefused(host: string, message: string): string {
  return `${host} did not accept the upstream key, which is the setting OPENAI_API_KEY: ${message}`;
}

const mostReasons = 20;

/**
 * The message for a refused request: the objection of OpenRouter's moderation, or else where to look for the reason.
 */
export function sayForbidden(host: string, message: string, { metadata }: ErrorFacts): string {
  const { reasons, flagged_input: flagged } = metadata;
  const said = textsOfScalars(reasons, mostReasons);
  const parts = [
    said.length > 0 ? `reasons: ${said.join(", ")}` : "",
    typeof flagged === "string" && flagged !== "" ? `flagged input: ${flagged}` : "",
  ].filter((part) => part !== "");
  const why =
    parts.length === 0
      ? `${sentence(message)} Check BASE_URL, and what the key in OPENAI_API_KEY may use there`
      : `${message} (${parts.join("; ")})`;
  return `${host} refused this: ${why}`;
}

/** Ends a text as a sentence, unless it is one. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function chooseModel({ modelSetting }: SetUpContext, which: string): string {
  return modelSetting === null
    ? `The client chose this model: choose one ${which} with /model or --model`
    : `Set ${modelSetting} to one ${which}`;
}
