import { isJsonObject } from "../json/json-value.ts";
import { parseJson } from "../json/parse-json.ts";
import { openAnswerBody } from "./answer-body.ts";
import { readCappedBody } from "./read-capped-body.ts";

export interface ModelListOptions {
  /** Without a trailing slash; may have a query, which is kept. */
  baseUrl: string;
  /** Empty if no key is to be sent. */
  apiKey: string;
  /** Uses no HTTP proxy, whatever the environment says. */
  isLocal: boolean;
  /** The limit for the head of the answer, and again for its body. */
  maxMs: number;
  /** Ends the request when it is aborted. */
  controller: AbortController;
}

const maxListBytes = 1024 * 1024;

/**
 * The owners of the models that a private server lists: `owned_by` of `GET <base URL>/models`, by which local servers
 * identify themselves. Empty if it lists none, or does not answer in time. Never throws.
 */
export async function listModelOwners(options: ModelListOptions): Promise<string[]> {
  const { baseUrl, apiKey, isLocal, maxMs, controller } = options;
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/$/, "")}/models`;
  const timer = setTimeout(() => controller.abort(), maxMs);
  try {
    const init: BunFetchRequestInit = {
      headers: apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` },
      redirect: "manual",
      signal: controller.signal,
      // On a reused connection, Bun would repeat the request by itself.
      keepalive: false,
    };
    if (isLocal) init.proxy = false;
    const response = await fetch(url.href, init);
    const body = openAnswerBody(response, { firstMs: maxMs, idleMs: maxMs, host: url.host, controller });
    const { text } = await readCappedBody(body, { maxBytes: maxListBytes, maxMs });
    return response.ok ? findOwners(parseJson(text)) : [];
  } catch {
    // Nobody waits for this: the server simply stays unknown.
    return [];
  } finally {
    clearTimeout(timer);
  }
}

function findOwners(list: unknown): string[] {
  const models = isJsonObject(list) && Array.isArray(list["data"]) ? list["data"] : [];
  return models.flatMap((model) => {
    const owner: unknown = isJsonObject(model) ? model["owned_by"] : undefined;
    return typeof owner === "string" ? [owner] : [];
  });
}
