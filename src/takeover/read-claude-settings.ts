import { z } from "zod";
import { isLoopbackHost } from "../config/is-loopback-host.ts";
import { isAnthropic } from "../profiles/known-upstreams.ts";
import { selectProfile } from "../profiles/select-profile.ts";
import { nameAddress } from "./name-address.ts";
import { parseShape } from "./parse-shape.ts";
import type { TakenKey, TakeoverResult } from "./takeover.ts";
import { TakeoverBuilder } from "./takeover-builder.ts";

const fileSchema = z.looseObject({
  env: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  apiKeyHelper: z.string().optional(),
});

/** Our routes by Claude Code's variables, the ones that outweigh others first. */
const routesByVariable: readonly (readonly [string, string])[] = [
  ["ANTHROPIC_DEFAULT_FABLE_MODEL", "fable"],
  ["ANTHROPIC_DEFAULT_OPUS_MODEL", "opus"],
  ["ANTHROPIC_DEFAULT_SONNET_MODEL", "sonnet"],
  ["ANTHROPIC_DEFAULT_HAIKU_MODEL", "haiku"],
  ["ANTHROPIC_SMALL_FAST_MODEL", "haiku"],
  ["ANTHROPIC_MODEL", "default"],
];

/** Reads the `env` block of Claude Code's `settings.json`: another server of Anthropic's wire, and its models. */
export function readClaudeSettings(text: string): TakeoverResult {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return { fault: "The file is no JSON. Mend it there first, or do without it." };
  }
  const shape = parseShape(fileSchema, data, "Claude Code");
  if ("fault" in shape) return shape;
  const { env = {}, apiKeyHelper } = shape.value;
  const values = new Map(Object.entries(env).map(([name, value]) => [name, `${value}`.trim()]));
  const builder = new TakeoverBuilder();
  if (apiKeyHelper !== undefined) {
    builder.leave(
      "apiKeyHelper",
      "claude-proxy runs no program to get a key. Name a variable or a file instead.",
    );
  }
  for (const name of ["CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY"]) {
    if (values.has(name)) builder.leave(name, "claude-proxy cannot sign in there.");
  }
  const upstream = addUpstream(values, builder);
  if (upstream !== null) addModels(values, upstream, builder);
  return builder.build();
}

function addUpstream(values: ReadonlyMap<string, string>, builder: TakeoverBuilder): string | null {
  const address = values.get("ANTHROPIC_BASE_URL") ?? "";
  if (address === "") return null;
  const url = URL.parse(address);
  if (url !== null && isLoopbackHost(url.hostname) && !isModelServer(url)) {
    builder.leave(
      "ANTHROPIC_BASE_URL",
      `it leads to a proxy on this machine (port ${url.port || "80"}). Take over that proxy's own file.`,
    );
    return null;
  }
  const token = values.get("ANTHROPIC_AUTH_TOKEN") ?? values.get("ANTHROPIC_API_KEY") ?? "";
  const keys: TakenKey[] = token === "" ? [] : [{ secret: token }];
  const isOwn = url !== null && isAnthropic(url.href);
  return builder.addUpstream({
    name: isOwn ? "anthropic" : nameAddress(address),
    url: address,
    protocol: "anthropic",
    keys,
    headers: readHeaders(values.get("ANTHROPIC_CUSTOM_HEADERS") ?? ""),
  });
}

/** Whether the port is that of a known model server, which speaks Anthropic's wire itself. */
function isModelServer({ href }: URL): boolean {
  return selectProfile({ setting: "auto", baseUrl: href, model: "" }).id !== "generic";
}

/** Lines of the form `name: value`. */
function readHeaders(text: string): Record<string, string> {
  const headers = new Map<string, string>();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim();
    if (colon > 0 && /^[\w-]+$/.test(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return Object.fromEntries(headers);
}

function addModels(values: ReadonlyMap<string, string>, upstream: string, builder: TakeoverBuilder): void {
  for (const [variable, asked] of routesByVariable) {
    // Claude Code's mark for a window of a million is no part of the id.
    const model = values.get(variable)?.replace(/\[1m\]$/, "") ?? "";
    if (model !== "" && builder.targetsOf(asked).length === 0)
      builder.addRoute(asked, `${upstream}/${model}`);
  }
  if (builder.targetsOf("default").length > 0) return;
  const [first] = ["sonnet", "opus", "fable"].flatMap((tier) => builder.targetsOf(tier));
  builder.addRoute("default", first ?? `${upstream}/*`);
}
