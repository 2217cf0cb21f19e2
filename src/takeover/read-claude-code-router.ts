import { z } from "zod";
import { parseShape } from "./parse-shape.ts";
import { readDollarKey } from "./read-key.ts";
import { readTransformers } from "./read-transformers.ts";
import type { TakeoverResult } from "./takeover.ts";
import { TakeoverBuilder } from "./takeover-builder.ts";

const providerSchema = z.looseObject({
  name: z.string().min(1),
  api_base_url: z.string(),
  api_key: z.string().optional(),
  models: z.array(z.string()).optional(),
  transformer: z.looseObject({}).optional(),
});

const flag = z.union([z.string(), z.number(), z.boolean()]).optional();

const fileSchema = z.looseObject({
  Providers: z.array(providerSchema),
  Router: z
    .looseObject({
      default: z.string().optional(),
      background: z.string().optional(),
      think: z.string().optional(),
      longContext: z.string().optional(),
      longContextThreshold: z.coerce.number().int().min(1).optional(),
      webSearch: z.string().optional(),
      image: z.string().optional(),
    })
    .optional(),
  APIKEY: z.string().optional(),
  HOST: z.string().optional(),
  PORT: flag,
  PROXY_URL: z.string().optional(),
  API_TIMEOUT_MS: flag,
  CUSTOM_ROUTER_PATH: z.string().optional(),
  REWRITE_SYSTEM_PROMPT: z.string().optional(),
  transformers: z.array(z.unknown()).optional(),
});

type RouterFile = z.output<typeof fileSchema>;

/** From this many tokens on its router asks the model for long contexts, unless the file says another number. */
const usualThreshold = 60_000;

/** Reads the `config.json` of claude-code-router, which may have comments. */
export function readClaudeCodeRouter(text: string): TakeoverResult {
  let data: unknown;
  try {
    data = Bun.JSON5.parse(text);
  } catch {
    return { fault: "The file is no JSON. Mend it there first, or do without it." };
  }
  const shape = parseShape(fileSchema, data, "claude-code-router");
  if ("fault" in shape) return shape;
  const builder = new TakeoverBuilder();
  const nameOf = addProviders(shape.value, builder);
  addRoutes(shape.value, nameOf, builder);
  addServer(shape.value, builder);
  return builder.build();
}

/** Adds the providers. Returns our names by theirs. */
function addProviders(file: RouterFile, builder: TakeoverBuilder): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const provider of file.Providers) {
    const { name, api_base_url: url, api_key: key, models = [] } = provider;
    const used = readTransformers(name, provider.transformer ?? {}, builder);
    if (used.signIn !== null) {
      builder.leave(
        `the provider ${name}`,
        `its transformer ${used.signIn} signs in by another program's account.`,
      );
      continue;
    }
    const taken = readDollarKey(key);
    const ours = builder.addUpstream({
      name,
      // It writes a reference with or without braces.
      url: url.replace(/^\$([A-Za-z_]\w*)$/, (_whole, variable: string) => `\${${variable}}`),
      protocol: used.protocol,
      keys: taken === null ? [] : [taken],
      headers: used.headers,
      body: used.body,
      httpProxy: file.PROXY_URL === undefined || file.PROXY_URL === "" ? null : file.PROXY_URL,
    });
    if (ours === null) continue;
    names.set(name, ours);
    for (const model of models) {
      const maxOutput = used.maxOutputByModel.get(model) ?? used.maxOutput;
      builder.addModel(`${ours}/${model}`, { max_output: maxOutput ?? undefined });
    }
  }
  return names;
}

/** Its order is: long contexts, haiku, web search, thinking, and then the default. */
function addRoutes(
  { Router: router = {}, CUSTOM_ROUTER_PATH: script }: RouterFile,
  nameOf: ReadonlyMap<string, string>,
  builder: TakeoverBuilder,
): void {
  const targetOf = (route: string, value: string | undefined): string | null => {
    if (value === undefined || value.trim() === "") return null;
    const comma = value.indexOf(",");
    const [provider, model] = [value.slice(0, comma).trim(), value.slice(comma + 1).trim()];
    const name = nameOf.get(provider);
    if (comma > 0 && name !== undefined && model !== "") return `${name}/${model}`;
    builder.leave(
      `Router.${route}`,
      "it names a provider that is not carried over. Name another one under routes or cases.",
    );
    return null;
  };
  const [image, long, haiku, search, think, usual] = [
    targetOf("image", router.image),
    targetOf("longContext", router.longContext),
    targetOf("background", router.background),
    targetOf("webSearch", router.webSearch),
    targetOf("think", router.think),
    targetOf("default", router.default),
  ];
  if (image !== null) builder.addCase({ images: true }, image);
  if (long !== null) builder.addCase({ tokens: router.longContextThreshold ?? usualThreshold }, long);
  // Cases come before routes, so the model for haiku would lose what these two take.
  const isBeforeOthers = search !== null || think !== null;
  if (haiku !== null && isBeforeOthers) builder.addCase({ tier: "haiku" }, haiku);
  if (search !== null) builder.addCase({ kind: "web_search" }, search);
  if (think !== null) {
    builder.addCase({ thinking: true }, think);
    builder.note(
      "Router.think",
      "it became a case with thinking: true. Claude Code now turns thinking on in nearly every request, so most of " +
        "them go there. To have them at the default, remove that case.",
    );
  }
  if (usual !== null) builder.addRoute("default", usual);
  if (haiku !== null && !isBeforeOthers) builder.addRoute("haiku", haiku);
  if (script !== undefined && script !== "") {
    builder.leave("CUSTOM_ROUTER_PATH", "claude-proxy runs no scripts: write its rules as cases.");
  }
}

function addServer(file: RouterFile, builder: TakeoverBuilder): void {
  builder.addClientKey(readDollarKey(file.APIKEY));
  // Without a key its server listens on this machine only.
  if (file.HOST !== undefined && file.HOST !== "" && file.APIKEY) builder.addServer("host", file.HOST);
  if (file.PORT !== undefined) {
    builder.leave("PORT", "claude-proxy keeps its own port, so that both can run until you have moved.");
  }
  if (file.API_TIMEOUT_MS !== undefined) {
    builder.leave(
      "API_TIMEOUT_MS",
      "claude-proxy limits silence, not whole answers: see timeouts in docs/configuration.md.",
    );
  }
  if (file.REWRITE_SYSTEM_PROMPT !== undefined) {
    builder.leave("REWRITE_SYSTEM_PROMPT", "claude-proxy does not change what Claude Code asks.");
  }
  if ((file.transformers ?? []).length > 0) {
    builder.leave("transformers", "claude-proxy runs no scripts of other programs.");
  }
}
