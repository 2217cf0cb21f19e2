import { z } from "zod";
import { profileAliases, profileIds } from "../../profiles/profile-ids.ts";
import { protocolIds } from "../../profiles/protocol-id.ts";
import { fileTiers, requestKinds } from "../file-config.ts";
import { nameFault, namePattern } from "../name-pattern.ts";
import { createServerShape } from "./server-settings.ts";

const text = z.string().min(1, "is empty");

const name = z.string().regex(namePattern, nameFault);

const targets = z
  .union(
    [text, z.array(text).min(1, "is an empty list. Name a target, or remove it")],
    "must be a target, upstream/model, or a list of targets",
  )
  .describe(
    "upstream/model, or a list of them in the order of going on; upstream/* passes on the model asked for",
  );

const duration = z.union(
  [z.string(), z.literal(0)],
  "must be a time such as 10s, 6m or 500ms; 0 means no limit",
);

const positive = z
  .int("must be a whole number")
  .min(1, "must be 1 or more")
  .max(1_000_000_000, "is too large");

const dollars = z
  .number("must be a number of dollars")
  .min(0, "must be 0 or more")
  .max(1_000_000_000, "is too large");

const timeoutsSchema = z.strictObject({
  connect: duration.optional().describe("Longest wait for a connection. Default: 10s"),
  first_byte: duration
    .optional()
    .describe("Longest wait for an answer to begin. Default: 6m; no limit on this machine"),
  idle: duration.optional().describe("Longest silence within an answer. Default: 6m"),
});

const upstreamSchema = z.strictObject({
  url: text
    .optional()
    .describe(
      "Base address; may have a path and a query. Default: that of the family named by the upstream's name or its profile",
    ),
  protocol: z
    .enum([...protocolIds, "auto"])
    .optional()
    .describe(
      "How it is asked. Default: auto; anthropic for api.anthropic.com and known Anthropic endpoints",
    ),
  profile: z
    .enum([...profileIds, ...profileAliases.keys(), "auto"])
    .optional()
    .describe("Its family, whose dialect it speaks. Default: by host"),
  key: text
    .optional()
    .describe(`Its key, for example \${NAME}; or client: the caller's own credential is passed on`),
  keys: z
    .array(text)
    .min(1, "is an empty list")
    .optional()
    .describe("Several keys, which are used in turn when one is at its limit"),
  headers: z.record(z.string(), z.string()).optional().describe("Added to each request"),
  body: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Merged into the top level of each request's body; null removes a field"),
  timeouts: timeoutsSchema.optional(),
  concurrency: positive.optional().describe("The most requests at once; one more goes on to the next target"),
  http_proxy: text.optional().describe("The HTTP proxy for this upstream. Default: the environment's"),
  ca_file: text.optional().describe("A file with certificates in PEM that are trusted for this upstream too"),
  models: z.record(text, text).optional().describe("Short names of its models"),
});

const tier = z.enum(fileTiers);
const kind = z.enum(requestKinds);

const whenSchema = z.strictObject({
  model: text.optional().describe("A pattern of the model asked for; * stands for anything"),
  tier: tier.optional(),
  kind: z
    .union(
      [kind, z.array(kind).min(1, "is an empty list")],
      `must be one or a list of ${requestKinds.join(", ")}`,
    )
    .optional(),
  agent: z
    .union([z.boolean(), text], "must be true, false or the type of an agent")
    .optional()
    .describe("true for any sub-agent, or the type of one"),
  images: z.boolean().optional(),
  pdf: z.boolean().optional(),
  thinking: z.boolean().optional(),
  tools: z.boolean().optional(),
  tokens: positive.optional().describe("The prompt has about so many tokens, or more"),
  client: text.optional().describe("The name of a client"),
});

const caseSchema = z.strictObject({ when: whenSchema, to: targets });

const priceSchema = z.strictObject({
  input: dollars,
  output: dollars,
  cache_read: dollars.optional().describe("Of tokens read from a cache; left out: as much as input"),
  cache_write: dollars.optional().describe("Of tokens written to a cache; left out: as much as input"),
});

const modelSchema = z.strictObject({
  window: positive.optional().describe("Tokens: the longest prompt and answer together"),
  max_output: positive.optional().describe("Tokens: the longest answer"),
  images: z.boolean().optional(),
  pdf: z.boolean().optional(),
  tools: z.boolean().optional(),
  reasoning: z.boolean().optional(),
  like: text
    .optional()
    .describe("The model whose rules the profile applies, for a deployment with a name of its own"),
  price: priceSchema.optional().describe("Dollars for a million tokens"),
  name: text.optional().describe("What people read"),
});

const clientSchema = z.strictObject({
  key: text.describe(`The key that this client sends, for example \${NAME}`),
  usd_per_day: dollars.optional(),
  usd_per_month: dollars.optional(),
  requests_per_minute: positive.optional(),
  models: z
    .array(text)
    .min(1, "is an empty list")
    .optional()
    .describe("Patterns of the targets that it may use, such as azure/*. Default: all"),
  admin: z
    .boolean("must be true or false")
    .optional()
    .describe("Sees the requests of all clients in the dashboard. Default: false"),
});

const serverSchema = z.strictObject(createServerShape());

/** The whole file. Secrets are in their places already; a default is filled in by what builds the configuration. */
export const fileSchema = z.strictObject({
  upstreams: z.record(name, upstreamSchema).describe("Where models are, by names of your own"),
  routes: z
    .record(text, targets)
    .optional()
    .describe(
      "Targets by the model asked for: an id, a pattern with *, fable, opus, sonnet, haiku, or default",
    ),
  cases: z.array(caseSchema).optional().describe("Tried before the routes; the first that holds wins"),
  models: z.record(text, modelSchema).optional().describe("What is known of a model, by its target"),
  clients: z
    .record(name, clientSchema)
    .optional()
    .describe("Who may ask; with any client, every request needs a key of one"),
  server: serverSchema.optional().describe("The settings of the environment, in lower case"),
});

export type FileText = z.output<typeof fileSchema>;
export type UpstreamText = z.output<typeof upstreamSchema>;
export type WhenText = z.output<typeof whenSchema>;
export type ModelText = z.output<typeof modelSchema>;

/** The keys that an object of the file may have, by the path of the object. */
export function listKeys([section, , inner, ...rest]: readonly (string | number)[]): readonly string[] {
  if (section === undefined) return fileSchema.keyof().options;
  if (rest.length > 0) return [];
  if (section === "upstreams") return inner === undefined ? keysOf(upstreamSchema) : keysOf(timeoutsSchema);
  if (section === "cases") return inner === undefined ? keysOf(caseSchema) : keysOf(whenSchema);
  if (section === "models") return inner === undefined ? keysOf(modelSchema) : keysOf(priceSchema);
  return section === "clients" ? keysOf(clientSchema) : keysOf(serverSchema);
}

function keysOf(schema: z.ZodObject): readonly string[] {
  return Object.keys(schema.shape);
}

/** Where the newest release has the schema. */
export const schemaUrl =
  "https://github.com/claude-proxy/claude-proxy/releases/latest/download/config.schema.json";

/** The line that a file of ours begins with: editors find the schema by it. */
export const schemaLine = `# yaml-language-server: $schema=${schemaUrl}`;

/** The JSON Schema of the file, for editors. */
export function buildFileSchema(): object {
  return { title: "config.yaml of claude-proxy", ...z.toJSONSchema(fileSchema, { io: "input" }) };
}
