import { z } from "zod";
import type { LaunchModel } from "../../launch/launch-subject.ts";
import { listedPrefix } from "../../routing/request-facts.ts";
import { fetchSmallJson } from "../../upstream/fetch-small-json.ts";
import { CommandError } from "../command-error.ts";

const price = z.object({
  input: z.number(),
  output: z.number(),
  cache_read: z.number().nullable(),
  cache_write: z.number().nullable(),
});

const modelList = z.object({
  data: z.array(
    z.object({
      id: z.string().min(1),
      display_name: z.string(),
      max_input_tokens: z.number().nullish(),
      max_tokens: z.number().nullish(),
      line: z.enum(["fable", "opus", "sonnet", "haiku"]).nullish(),
      price: price.optional(),
    }),
  ),
});

const limitMs = 5_000;

/** A proxy and the headers by which it knows its client. */
export interface KnownProxy {
  /** Without a slash at the end. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Asks the proxy for the models that it offers this client, without their second ids.
 * @returns null if it does not tell them, for example without the right key
 * @throws CommandError if it does not answer
 */
export async function askModels(proxy: KnownProxy): Promise<LaunchModel[] | null> {
  const list = modelList.safeParse(await fetchList(proxy));
  if (!list.success) return null;
  return list.data.data.filter(({ id }) => !id.startsWith(listedPrefix)).map(convertModel);
}

function convertModel(model: z.infer<typeof modelList>["data"][number]): LaunchModel {
  const { price: cost = null } = model;
  return {
    id: model.id,
    name: model.display_name,
    tier: model.line ?? null,
    windowTokens: model.max_input_tokens ?? null,
    maxOutputTokens: model.max_tokens ?? null,
    price:
      cost === null
        ? null
        : {
            input: cost.input,
            output: cost.output,
            cacheRead: cost.cache_read,
            cacheWrite: cost.cache_write,
          },
  };
}

const mostBytes = 8 * 1024 * 1024;

/** Undefined for an answer that is no list. */
async function fetchList({ url, headers }: KnownProxy): Promise<unknown> {
  let unreachable: string | null = null;
  const list = await fetchSmallJson({
    url: new URL(`${url}/v1/models?limit=1000`),
    headers,
    isLocal: true,
    maxMs: limitMs,
    maxBytes: mostBytes,
    controller: new AbortController(),
    onFault(fault) {
      if (fault.kind === "late") unreachable = `it took more than ${limitMs / 1000} s`;
      if (fault.kind === "unreachable") unreachable = fault.code;
    },
  });
  if (unreachable !== null) {
    throw new CommandError(
      `The proxy at ${url} does not tell its models: ${unreachable}\n` +
        "See what it does: claude-proxy status. Or end it: claude-proxy run then starts its own.",
      1,
    );
  }
  return list;
}
