import { z } from "zod";
import type { ProtocolId } from "../profiles/protocol-id.ts";
import { parseShape } from "./parse-shape.ts";
import { readYaml } from "./read-yaml.ts";
import type { TakenKey, TakeoverResult } from "./takeover.ts";
import { TakeoverBuilder } from "./takeover-builder.ts";

const modelSchema = z.looseObject({
  name: z.string().min(1),
  alias: z.string().nullish(),
  "max-context-length": z.int().min(1).nullish(),
});

const accountSchema = z.looseObject({
  "api-key": z.string(),
  "base-url": z.string().nullish(),
  "proxy-url": z.string().nullish(),
  prefix: z.string().nullish(),
  headers: z.record(z.string(), z.string()).nullish(),
  models: z.array(modelSchema).nullish(),
});

const compatibleSchema = z.looseObject({
  name: z.string().min(1),
  "base-url": z.string(),
  prefix: z.string().nullish(),
  disabled: z.boolean().nullish(),
  headers: z.record(z.string(), z.string()).nullish(),
  "api-key-entries": z
    .array(z.looseObject({ "api-key": z.string().nullish(), "proxy-url": z.string().nullish() }))
    .nullish(),
  "api-keys": z.array(z.string()).nullish(),
  models: z.array(modelSchema).nullish(),
});

const accounts = z.array(accountSchema).nullish();

const fileSchema = z.looseObject({
  host: z.string().nullish(),
  "api-keys": z.array(z.string()).nullish(),
  "proxy-url": z.string().nullish(),
  "auth-dir": z.string().nullish(),
  "gemini-api-key": accounts,
  "generative-language-api-key": z.array(z.string()).nullish(),
  "codex-api-key": accounts,
  "claude-api-key": accounts,
  "xai-api-key": accounts,
  "vertex-api-key": accounts,
  "openai-compatibility": z.array(compatibleSchema).nullish(),
});

type ApiFile = z.output<typeof fileSchema>;
type Account = z.output<typeof accountSchema>;
type Model = z.output<typeof modelSchema>;

/** Its lists of accounts, with our family, the pattern of the models that they serve, and the wire. */
const kinds: readonly (readonly [
  list: "gemini-api-key" | "codex-api-key" | "claude-api-key" | "xai-api-key",
  name: string,
  pattern: string,
  protocol: ProtocolId | null,
])[] = [
  ["claude-api-key", "anthropic", "claude-*", "anthropic"],
  ["codex-api-key", "openai", "gpt-*", "responses"],
  ["gemini-api-key", "gemini", "gemini-*", null],
  ["xai-api-key", "xai", "grok-*", null],
];

/** Reads the `config.yaml` of CLIProxyAPI. */
export function readCliProxyApi(text: string): TakeoverResult {
  const yaml = readYaml(text);
  if ("fault" in yaml) return yaml;
  const shape = parseShape(fileSchema, yaml.data, "CLIProxyAPI");
  if ("fault" in shape) return shape;
  const file = shape.value;
  const builder = new TakeoverBuilder();
  for (const kind of kinds) addAccounts(kind, file, builder);
  addCompatible(file, builder);
  addDefault(file, builder);
  for (const key of file["api-keys"] ?? []) builder.addClientKey({ secret: key });
  leaveOthers(file, builder);
  return builder.build();
}

const proxyOf = (own: string | null | undefined, ofAll: string | null | undefined): string | null => {
  const url = own || ofAll || "";
  return url === "" || url === "direct" || url === "none" ? null : url;
};

/** Accounts that differ by their key alone are one upstream with several keys. */
function addAccounts(
  [list, name, pattern, protocol]: (typeof kinds)[number],
  file: ApiFile,
  builder: TakeoverBuilder,
) {
  const plain = list === "gemini-api-key" ? (file["generative-language-api-key"] ?? []) : [];
  const all: Account[] = [...(file[list] ?? []), ...plain.map((key) => ({ "api-key": key }))];
  const groups = Map.groupBy(all, (one) =>
    JSON.stringify([
      one["base-url"] || "",
      one["proxy-url"] || "",
      one.prefix || "",
      one.headers ?? {},
      one.models ?? [],
    ]),
  );
  for (const [first, ...others] of groups.values()) {
    if (first === undefined) continue;
    const address = first["base-url"] || null;
    const ours = builder.addUpstream({
      name,
      url: address,
      protocol: protocol === "responses" && address === null ? null : protocol,
      keys: [first, ...others].map((one) => ({ secret: one["api-key"] })),
      headers: keepOwnHeaders(first.headers ?? {}, name, builder),
      httpProxy: proxyOf(first["proxy-url"], file["proxy-url"]),
    });
    if (ours !== null) addModels(first.models ?? [], { ours, pattern, prefix: first.prefix || "" }, builder);
  }
}

interface Serving {
  readonly ours: string;
  /** What is asked of it if the file names no models. */
  readonly pattern: string | null;
  readonly prefix: string;
}

function addModels(
  models: readonly Model[],
  { ours, pattern, prefix }: Serving,
  builder: TakeoverBuilder,
): void {
  const asked = (id: string) => (prefix === "" ? id : `${prefix}/${id}`);
  if (models.length === 0 && pattern !== null && prefix === "") builder.addRoute(pattern, `${ours}/*`);
  if (models.length === 0 && prefix !== "") {
    builder.leave(`prefix ${prefix}`, `ask for ${ours}/MODEL instead: claude-proxy knows that form.`);
  }
  for (const { name, alias, "max-context-length": window } of models) {
    builder.addRoute(asked(alias || name), `${ours}/${name}`);
    builder.addModel(`${ours}/${name}`, { window: window ?? undefined });
  }
}

function addCompatible(file: ApiFile, builder: TakeoverBuilder): void {
  for (const provider of file["openai-compatibility"] ?? []) {
    if (provider.disabled === true) {
      builder.leave(`the provider ${provider.name}`, "it is switched off there.");
      continue;
    }
    const entries = provider["api-key-entries"] ?? [];
    const secrets = [...entries.flatMap((one) => one["api-key"] || []), ...(provider["api-keys"] ?? [])];
    const keys: TakenKey[] = secrets.map((secret) => ({ secret }));
    const [proxy] = entries.flatMap((one) => one["proxy-url"] || []);
    const ours = builder.addUpstream({
      name: provider.name,
      url: provider["base-url"],
      keys,
      headers: keepOwnHeaders(provider.headers ?? {}, provider.name, builder),
      httpProxy: proxyOf(proxy, file["proxy-url"]),
    });
    if (ours === null) continue;
    addModels(provider.models ?? [], { ours, pattern: null, prefix: provider.prefix || "" }, builder);
  }
}

/** A value that begins with `$` is copied there from the client's request. */
function keepOwnHeaders(headers: Readonly<Record<string, string>>, name: string, builder: TakeoverBuilder) {
  const own = Object.entries(headers).filter(([, value]) => !value.startsWith("$"));
  if (own.length < Object.keys(headers).length) {
    builder.leave(`headers of ${name} with $`, "claude-proxy copies no headers of clients.");
  }
  return Object.fromEntries(own);
}

/** Claude Code asks for Claude's names: Claude's own accounts answer, or else the first model of the file. */
function addDefault(file: ApiFile, builder: TakeoverBuilder): void {
  const [claude] = builder.targetsOf("claude-*");
  const models = [
    ...(file["openai-compatibility"] ?? []).flatMap(({ prefix, models: own }) => namesOf(own, prefix)),
    ...kinds.flatMap(([list]) =>
      (file[list] ?? []).flatMap(({ prefix, models: own }) => namesOf(own, prefix)),
    ),
  ];
  const [first] = claude === undefined ? models.flatMap((model) => builder.targetsOf(model)) : [claude];
  if (first !== undefined) builder.addRoute("default", first);
}

function namesOf(models: readonly Model[] | null | undefined, prefix: string | null | undefined): string[] {
  return (models ?? []).map(({ name, alias }) => (prefix ? `${prefix}/${alias || name}` : alias || name));
}

const otherMembers: ReadonlySet<string> = new Set([
  ...fileSchema.keyof().options,
  "port",
  "debug",
  "logging-to-file",
]);

function leaveOthers(file: ApiFile, builder: TakeoverBuilder): void {
  builder.leave(
    "accounts that are signed in by OAuth",
    "they belong to the programs that they were made for; claude-proxy works with keys.",
  );
  if ((file["vertex-api-key"] ?? []).length > 0) {
    builder.leave("vertex-api-key", "claude-proxy cannot ask Vertex AI.");
  }
  const others = Object.keys(file).filter((member) => !otherMembers.has(member));
  if (others.length > 0)
    builder.leave(others.join(", "), "claude-proxy has no such settings, or decides by itself.");
}
