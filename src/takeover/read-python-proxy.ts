import { parseEnvFile } from "../config/parse-env-file.ts";
import { findAzureUrl } from "../profiles/known-upstreams.ts";
import { nameAddress } from "./name-address.ts";
import { isPlaceholder } from "./read-key.ts";
import type { TakenKey, TakeoverResult } from "./takeover.ts";
import { TakeoverBuilder } from "./takeover-builder.ts";

/** The models that 1rgs/claude-code-proxy asks for if its file names none, by its provider. */
const usualModels: ReadonlyMap<string, readonly [big: string, small: string]> = new Map([
  ["openai", ["gpt-4.1", "gpt-4.1-mini"]],
  ["google", ["gemini-2.5-pro", "gemini-2.5-flash"]],
]);

/** Reads the `.env` of the Python programs that are called claude-code-proxy. */
export function readPythonProxy(text: string): TakeoverResult {
  const parsed = parseEnvFile(text);
  const [fault] = parsed.faults;
  if (fault !== undefined) return { fault: `Line ${fault.line} ${fault.fault}.` };
  const values = new Map(Object.entries(parsed.values).map(([name, value]) => [name, value.trim()]));
  const isFirst = ["PREFERRED_PROVIDER", "GEMINI_API_KEY", "USE_VERTEX_AUTH"].some((name) =>
    values.has(name),
  );
  const builder = new TakeoverBuilder();
  if (isFirst) readOfProviders(values, builder);
  else readOfOneUpstream(values, builder);
  return builder.build();
}

type Values = ReadonlyMap<string, string>;

const keysOf = (values: Values, name: string): TakenKey[] => {
  const secret = values.get(name) ?? "";
  return isPlaceholder(secret, false) ? [] : [{ secret }];
};

const addressOf = (values: Values) =>
  values.get("OPENAI_BASE_URL") ?? values.get("OPENAI_API_BASE_URL") ?? null;

/** 1rgs/claude-code-proxy: a key for each provider, one of which is preferred. */
function readOfProviders(values: Values, builder: TakeoverBuilder): void {
  const preferred = values.get("PREFERRED_PROVIDER")?.toLowerCase() || "openai";
  if (/^true$/i.test(values.get("USE_VERTEX_AUTH") ?? "")) {
    builder.leave(
      "USE_VERTEX_AUTH",
      "claude-proxy cannot sign in at Vertex AI: it needs a key of AI Studio.",
    );
  }
  const providers = [
    { id: "openai", name: "openai", key: "OPENAI_API_KEY", url: addressOf(values) },
    { id: "google", name: "gemini", key: "GEMINI_API_KEY", url: null },
    { id: "anthropic", name: "anthropic", key: "ANTHROPIC_API_KEY", url: null },
  ];
  for (const { id, name, key, url } of providers) {
    const keys = keysOf(values, key);
    if (keys.length === 0 && id !== preferred) continue;
    const ours = builder.addUpstream({
      name,
      url: url === "" ? null : url,
      protocol: id === "anthropic" ? "anthropic" : null,
      keys,
    });
    if (ours === null || id !== preferred) continue;
    if (id === "anthropic") {
      builder.addRoute("default", `${ours}/*`);
      continue;
    }
    const [usualBig = "", usualSmall = ""] = usualModels.get(id) ?? [];
    builder.addRoute("default", `${ours}/${values.get("BIG_MODEL") || usualBig}`);
    builder.addRoute("haiku", `${ours}/${values.get("SMALL_MODEL") || usualSmall}`);
  }
}

/** fuergaosi233/claude-code-proxy: one upstream, and a key that clients send. */
function readOfOneUpstream(values: Values, builder: TakeoverBuilder): void {
  const address = addressOf(values);
  const isDeployment = URL.parse(address ?? "")?.pathname.startsWith("/openai/deployments/") === true;
  const azure = isDeployment ? findAzureUrl(address ?? "") : null;
  if (azure !== null) {
    builder.leave(
      "AZURE_API_VERSION",
      "Azure's address without a version is used, where a model is a deployment.",
    );
  }
  const ours = builder.addUpstream({
    name: azure !== null ? "azure" : address === null || address === "" ? "openai" : nameAddress(address),
    url: azure ?? (address || null),
    keys: keysOf(values, "OPENAI_API_KEY"),
    headers: readHeaders(values),
  });
  if (ours !== null) {
    const big = values.get("BIG_MODEL") || "gpt-4o";
    builder.addRoute("default", `${ours}/${big}`);
    const middle = values.get("MIDDLE_MODEL") || big;
    if (middle !== big) builder.addRoute("sonnet", `${ours}/${middle}`);
    builder.addRoute("haiku", `${ours}/${values.get("SMALL_MODEL") || "gpt-4o-mini"}`);
  }
  const [clientKey = null] = keysOf(values, "ANTHROPIC_API_KEY");
  builder.addClientKey(clientKey);
  addServer(values, builder, clientKey !== null);
}

/** The headers that it sends are named `CUSTOM_HEADER_X_Y` for `X-Y`. */
function readHeaders(values: Values): Record<string, string> {
  const prefix = "CUSTOM_HEADER_";
  const named = [...values].filter(([name, value]) => name.startsWith(prefix) && value !== "");
  return Object.fromEntries(
    named.map(([name, value]) => [name.slice(prefix.length).replaceAll("_", "-"), value] as const),
  );
}

function addServer(values: Values, builder: TakeoverBuilder, hasClientKey: boolean): void {
  const most = values.get("MAX_TOKENS_LIMIT") ?? "";
  if (/^[1-9]\d{0,6}$/.test(most)) builder.addServer("max_output_tokens", most);
  const host = values.get("HOST") ?? "";
  if (host === "0.0.0.0" && !hasClientKey) {
    builder.leave(
      "HOST",
      "whoever can reach it could spend your key: claude-proxy listens on this machine only.",
    );
  } else if (host !== "") builder.addServer("host", host);
  for (const [name, why] of notCarried) if ((values.get(name) ?? "") !== "") builder.leave(name, why);
}

const notCarried: readonly (readonly [string, string])[] = [
  ["PORT", "claude-proxy keeps its own port, so that both can run until you have moved."],
  ["MIN_TOKENS_LIMIT", "claude-proxy asks for as many tokens as Claude Code does."],
  ["REQUEST_TIMEOUT", "claude-proxy limits silence, not whole answers."],
  ["MAX_RETRIES", "claude-proxy decides on another try by the failure."],
  ["OPENAI_HEADERS", "it is not of the form CUSTOM_HEADER_NAME."],
];
