import { z } from "zod";
import { isJsonObject, type JsonObject } from "../json/json-value.ts";

/**
 * The content blocks that clients send. Loose: members that we do not read are kept, blocks of unknown types pass as
 * `unknown`. Source: Anthropic SDK 1.12.0 resources/{messages,beta/messages}; Claude Code 1.0.56 to 2.1.330.
 */

/** An object that is passed by reference, so that its members stay unchanged and in their order. */
export const untouchedObject = z.custom<JsonObject>(isJsonObject, "Invalid input: expected object");

/** A list may hold hundreds of thousands of entries, and nobody corrects more faults than these at a time. */
const mostFaults = 5;

/**
 * A list; `select` chooses the schema of each entry. Unlike `z.array` it stops after a few faults: reporting each of
 * half a million took over a second, during which nobody else was served.
 */
export function listOf<Output>(
  select: (value: unknown) => z.ZodType<Output>,
  { atLeast = 0, atMost = Number.MAX_SAFE_INTEGER } = {},
): z.ZodType<Output[]> {
  return z
    .array(z.unknown())
    .min(atLeast)
    .max(atMost)
    .transform((values, context): Output[] => {
      const entries: Output[] = [];
      for (const [index, value] of values.entries()) {
        const result = select(value).safeParse(value);
        if (result.success) entries.push(result.data);
        else for (const issue of result.error.issues) context.issues.push(faultOf(issue, [index], value));
        if (context.issues.length >= mostFaults) break;
      }
      return entries;
    });
}

/**
 * Checks a value with the schema that `select` chooses for it. Unlike `z.union` it reports the fault of the intended
 * form, with its full path, instead of the faults of all forms.
 */
function selected<Output>(select: (value: unknown) => z.ZodType<Output>): z.ZodType<Output> {
  return z.unknown().transform((value, context): Output => {
    const result = select(value).safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues) context.issues.push(faultOf(issue, [], value));
    return z.NEVER;
  });
}

function faultOf(
  { message, path }: z.core.$ZodIssue,
  above: readonly PropertyKey[],
  input: unknown,
): z.core.$ZodRawIssue {
  return { code: "custom", message, path: [...above, ...path], input };
}

const stringSchema = z.string();

/** A string, or content blocks. */
export const contentSchema: z.ZodType<string | ContentBlock[]> = selected<string | ContentBlock[]>((value) =>
  typeof value === "string" ? stringSchema : contentBlocks,
);

/** A prompt cache mark. */
export const cacheControlSchema = z.looseObject({ type: z.string(), ttl: z.string().nullish() }).nullish();

const text = z.looseObject({ type: z.literal("text"), text: z.string(), cache_control: cacheControlSchema });

const imageSource = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("base64"), media_type: z.string(), data: z.string() }),
  z.looseObject({ type: z.literal("url"), url: z.string() }),
  z.looseObject({ type: z.literal("file"), file_id: z.string() }),
]);

const image = z.looseObject({
  type: z.literal("image"),
  source: imageSource,
  cache_control: cacheControlSchema,
});

const documentSource = z.discriminatedUnion("type", [
  ...imageSource.options,
  z.looseObject({ type: z.literal("text"), data: z.string() }),
  z.looseObject({ type: z.literal("content"), content: contentSchema }),
]);

const document = z.looseObject({
  type: z.literal("document"),
  source: documentSource,
  title: z.string().nullish(),
  context: z.string().nullish(),
  cache_control: cacheControlSchema,
});

const searchResult = z.looseObject({
  type: z.literal("search_result"),
  source: z.string(),
  title: z.string(),
  content: z.array(text),
  cache_control: cacheControlSchema,
});

const toolReference = z.looseObject({ type: z.literal("tool_reference"), tool_name: z.string() });

const toolUse = z.looseObject({
  type: z.literal("tool_use"),
  id: z.string(),
  name: z.string(),
  input: z.unknown(),
  cache_control: cacheControlSchema,
});

const toolResult = z.looseObject({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  content: contentSchema.nullish(),
  is_error: z.boolean().nullish(),
  cache_control: cacheControlSchema,
});

const thinking = z.looseObject({
  type: z.literal("thinking"),
  thinking: z.string(),
  signature: z.string().nullish(),
});

const redactedThinking = z.looseObject({ type: z.literal("redacted_thinking"), data: z.string() });

const toolAddition = z.looseObject({
  type: z.literal("tool_addition"),
  tool_definition: untouchedObject.nullish(),
});

const toolRemoval = z.looseObject({ type: z.literal("tool_removal"), tool_name: z.string().nullish() });

/** Calls and results of tools that run at the real API: kept whole here, summarised as text for an upstream. */
const serverToolBlockTypes = [
  "container_upload",
  "server_tool_use",
  "web_search_tool_result",
  "web_fetch_tool_result",
  "code_execution_tool_result",
  "bash_code_execution_tool_result",
  "text_editor_code_execution_tool_result",
  "tool_search_tool_result",
  "advisor_tool_result",
  "mcp_tool_use",
  "mcp_tool_result",
  "mcp_tool_listing",
  "compaction",
  "fallback",
] as const;

const serverToolBlock = z.looseObject({ type: z.enum(serverToolBlockTypes) });

export type TextBlockParam = z.infer<typeof text>;
export type ImageBlockParam = z.infer<typeof image>;
export type ToolUseBlockParam = z.infer<typeof toolUse>;
export type ThinkingBlockParam = z.infer<typeof thinking>;
export type RedactedThinkingBlockParam = z.infer<typeof redactedThinking>;
export type SearchResultBlockParam = z.infer<typeof searchResult>;
export type ServerToolBlockParam = z.infer<typeof serverToolBlock>;
export type CacheControlParam = z.infer<typeof cacheControlSchema>;

type ImageSource = z.infer<typeof imageSource>;

/** Written out and not inferred, like the next one: their content may contain blocks again. */
export interface DocumentBlockParam {
  type: "document";
  source:
    | ImageSource
    | { type: "text"; data: string }
    | { type: "content"; content: string | ContentBlock[] };
  title?: string | null | undefined;
  context?: string | null | undefined;
  cache_control?: CacheControlParam;
}

export interface ToolResultBlockParam {
  type: "tool_result";
  tool_use_id: string;
  content?: string | ContentBlock[] | null | undefined;
  is_error?: boolean | null | undefined;
  cache_control?: CacheControlParam;
}

/** A block of an unknown type, kept as it arrived. */
export interface UnknownBlockParam {
  type: "unknown";
  original: JsonObject;
}

export type ContentBlock =
  | TextBlockParam
  | ImageBlockParam
  | DocumentBlockParam
  | SearchResultBlockParam
  | z.infer<typeof toolReference>
  | ToolUseBlockParam
  | ToolResultBlockParam
  | ThinkingBlockParam
  | RedactedThinkingBlockParam
  | z.infer<typeof toolAddition>
  | z.infer<typeof toolRemoval>
  | ServerToolBlockParam
  | UnknownBlockParam;

const unknownBlock = z
  .looseObject({ type: z.string() })
  .transform((original): UnknownBlockParam => ({ type: "unknown", original }));

const schemaOfType = new Map<unknown, z.ZodType<ContentBlock>>([
  ["text", text],
  ["image", image],
  ["document", document],
  ["search_result", searchResult],
  ["tool_reference", toolReference],
  ["tool_use", toolUse],
  ["tool_result", toolResult],
  ["thinking", thinking],
  ["redacted_thinking", redactedThinking],
  ["tool_addition", toolAddition],
  ["tool_removal", toolRemoval],
  ...serverToolBlockTypes.map((type) => [type, serverToolBlock] as const),
]);

const contentBlock = selected<ContentBlock>(
  (value) => (isJsonObject(value) ? schemaOfType.get(value["type"]) : undefined) ?? unknownBlock,
);

const contentBlocks = listOf(() => contentBlock);
