import { isJsonObject } from "../json/json-value.ts";
import { fetchSmallJson } from "./fetch-small-json.ts";

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
  const { baseUrl, apiKey, ...rest } = options;
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/$/, "")}/models`;
  const headers: Record<string, string> = apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` };
  return findOwners(await fetchSmallJson({ ...rest, url, headers, maxBytes: maxListBytes }));
}

/** `owned_by` of each model of a list. */
export function findOwners(list: unknown): string[] {
  const models = isJsonObject(list) && Array.isArray(list["data"]) ? list["data"] : [];
  return models.flatMap((model) => {
    const owner: unknown = isJsonObject(model) ? model["owned_by"] : undefined;
    return typeof owner === "string" ? [owner] : [];
  });
}
