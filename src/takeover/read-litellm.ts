import { z } from "zod";
import { findAzureUrl } from "../profiles/known-upstreams.ts";
import { findLitellmProvider } from "./litellm-providers.ts";
import { nameAddress } from "./name-address.ts";
import { parseShape } from "./parse-shape.ts";
import { readEnvironKey } from "./read-key.ts";
import { readLitellmFacts, readLitellmFallbacks } from "./read-litellm-parts.ts";
import { readYaml } from "./read-yaml.ts";
import type { TakeoverResult } from "./takeover.ts";
import { TakeoverBuilder } from "./takeover-builder.ts";

const deploymentSchema = z.looseObject({
  model_name: z.string().min(1),
  litellm_params: z.looseObject({
    model: z.string().min(1),
    api_base: z.string().nullish(),
    base_url: z.string().nullish(),
    api_key: z.string().nullish(),
    extra_headers: z.record(z.string(), z.string()).nullish(),
  }),
  model_info: z.looseObject({}).nullish(),
});

const fileSchema = z.looseObject({
  model_list: z.array(deploymentSchema).nullish(),
  router_settings: z.looseObject({}).nullish(),
  litellm_settings: z.looseObject({}).nullish(),
  general_settings: z.looseObject({ master_key: z.string().nullish() }).nullish(),
  environment_variables: z.looseObject({}).nullish(),
  include: z.unknown().optional(),
});

type Deployment = z.output<typeof deploymentSchema>;
type LitellmFile = z.output<typeof fileSchema>;

/** Members of `litellm_params` that are read, or say nothing to us. */
const readParams: ReadonlySet<string> = new Set([
  "model",
  "api_base",
  "base_url",
  "api_key",
  "extra_headers",
  "api_version",
  "drop_params",
  "additional_drop_params",
  "custom_llm_provider",
]);

/** Reads the `config.yaml` of LiteLLM's proxy. */
export function readLitellm(text: string): TakeoverResult {
  const yaml = readYaml(text);
  if ("fault" in yaml) return yaml;
  const shape = parseShape(fileSchema, yaml.data, "LiteLLM");
  if ("fault" in shape) return shape;
  const builder = new TakeoverBuilder();
  const names = new Map<string, string | null>();
  for (const deployment of shape.value.model_list ?? []) addDeployment(deployment, names, builder);
  readLitellmFallbacks(shape.value, builder);
  addDefault(shape.value, builder);
  builder.addClientKey(readEnvironKey(shape.value.general_settings?.master_key ?? undefined));
  leaveOthers(shape.value, builder);
  return builder.build();
}

function addDeployment(
  { model_name: asked, litellm_params: params, model_info: info }: Deployment,
  names: Map<string, string | null>,
  builder: TakeoverBuilder,
): void {
  const mode = z.string().safeParse(info?.["mode"]).data ?? "chat";
  if (!["chat", "completion", "responses"].includes(mode)) {
    builder.leave(`the model ${asked}`, `Claude Code does not ask for models of the kind ${mode}.`);
    return;
  }
  const address = params.api_base ?? params.base_url ?? null;
  const found = findLitellmProvider(params.model, address !== null);
  if (found === null) {
    const [provider = ""] = params.model.split("/");
    builder.leave(
      `the model ${asked}`,
      `claude-proxy has no way to ask the provider ${provider}, which has a protocol or a sign-in of its own.`,
    );
    return;
  }
  const name = findUpstream({ found, address, params }, names, builder);
  if (name === null) return;
  const target = `${name}/${found.id}`;
  builder.addRoute(asked === "*" ? "default" : asked, target);
  builder.addModel(target, readLitellmFacts(info ?? {}));
  for (const member of Object.keys(params)) {
    if (readParams.has(member)) continue;
    builder.leave(`litellm_params.${member}`, "claude-proxy has no such setting for one model.");
  }
}

interface FoundDeployment {
  readonly found: NonNullable<ReturnType<typeof findLitellmProvider>>;
  readonly address: string | null;
  readonly params: Deployment["litellm_params"];
}

/** The upstream of a deployment: those with the same address, key and headers are one. */
function findUpstream(
  { found: { provider }, address, params }: FoundDeployment,
  names: Map<string, string | null>,
  builder: TakeoverBuilder,
): string | null {
  const url = addressOf(provider.name, address ?? provider.url);
  const given = readEnvironKey(params.api_key ?? undefined);
  // The key of a provider goes to no other server.
  const isOwnServer = address === null || (provider.name === "azure" && findAzureUrl(address) !== null);
  const usual = provider.keyVariable !== null && isOwnServer ? { variable: provider.keyVariable } : null;
  const key = given ?? usual;
  const headers = params.extra_headers ?? {};
  const identity = JSON.stringify([provider.name, url, key, headers]);
  const known = names.get(identity);
  if (known !== undefined) return known;
  const name = builder.addUpstream({
    name: provider.name === "openai" && address !== null ? nameAddress(address) : provider.name,
    url,
    protocol: provider.protocol,
    keys: key === null ? [] : [key],
    headers: Object.fromEntries(
      Object.entries(headers).map(([header, text]) => [
        header,
        text.replace(/^os\.environ\/([A-Za-z_]\w*)$/, (_whole, variable: string) => `\${${variable}}`),
      ]),
    ),
  });
  names.set(identity, name);
  return name;
}

/** LiteLLM writes a reference for an address too, and leaves out the paths that Ollama and Azure need. */
function addressOf(name: string, address: string | null): string | null {
  if (address === null) return null;
  const variable = /^os\.environ\/([A-Za-z_]\w*)$/.exec(address.trim())?.[1];
  if (variable !== undefined) return `\${${variable}}`;
  const url = URL.parse(address);
  if (url === null) return address;
  if (name === "azure") return findAzureUrl(address) ?? address;
  return name === "ollama" && url.pathname === "/" ? `${url.origin}/v1` : address;
}

/** Claude Code asks for Claude's names, which LiteLLM refuses if no model has them: the first model answers here. */
function addDefault({ model_list: models }: LitellmFile, builder: TakeoverBuilder): void {
  if (builder.targetsOf("default").length > 0) return;
  for (const { model_name: asked } of models ?? []) {
    const targets = builder.targetsOf(asked);
    if (targets.length === 0 || asked.includes("*")) continue;
    for (const target of targets) builder.addRoute("default", target);
    return;
  }
}

function leaveOthers(file: LitellmFile, builder: TakeoverBuilder): void {
  const settings: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ["router_settings", file.router_settings ?? {}],
    ["litellm_settings", file.litellm_settings ?? {}],
    ["general_settings", file.general_settings ?? {}],
  ];
  const done = new Set([
    "fallbacks",
    "context_window_fallbacks",
    "default_fallbacks",
    "model_group_alias",
    "master_key",
    "drop_params",
  ]);
  for (const [section, members] of settings) {
    const names = Object.keys(members).filter((name) => !done.has(name));
    if (names.length > 0) {
      builder.leave(
        `${section}: ${names.join(", ")}`,
        "claude-proxy has no such settings, or decides by itself.",
      );
    }
  }
  if (file.include !== undefined)
    builder.leave("include", "take over the files that it names by themselves.");
  if (Object.keys(file.environment_variables ?? {}).length > 0) {
    builder.leave("environment_variables", "set them in the environment, or in the .env of claude-proxy.");
  }
}
