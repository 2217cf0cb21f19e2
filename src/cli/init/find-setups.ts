import { join } from "node:path";
import { isLoopbackHost } from "../../config/is-loopback-host.ts";
import { locateClaudeSettings, type Place } from "../../config/locate-folders.ts";
import { readSettingsText } from "../../config/read-settings-text.ts";
import { isJsonObject } from "../../json/json-value.ts";
import { findKeyOwner, usualBaseUrl } from "../../profiles/known-upstreams.ts";
import { recogniseOwner } from "../../profiles/recognise-server.ts";
import { findUsualUrl } from "../../profiles/usual-urls.ts";
import { nameAddress } from "../../takeover/name-address.ts";
import type { Takeover } from "../../takeover/takeover.ts";
import { parseTakeover, recogniseFormat, type TakeoverFormat } from "../../takeover/takeover-formats.ts";
import { fetchSmallJson } from "../../upstream/fetch-small-json.ts";
import { upstreamOffers } from "./upstream-offers.ts";

/** A server of models that runs on this machine. */
export interface FoundServer {
  readonly name: string;
  readonly url: string;
  readonly modelCount: number;
}

/** A variable that has a key, and the upstream that it is for. */
export interface FoundKey {
  readonly variable: string;
  readonly name: string;
  /** The address at which it is of use, if that is not the usual one of the name. */
  readonly url: string | null;
}

/** A file of another program. */
export interface FoundFile {
  readonly path: string;
  readonly format: TakeoverFormat;
  readonly takeover: Takeover;
}

/** For a server on this machine, which answers at once or is not there. */
const serverMs = 1_500;
const mostListBytes = 4 * 1024 * 1024;

/** The keys in the environment. A key that begins like another company's is that company's. */
export function findKeys({ env }: Place): FoundKey[] {
  return upstreamOffers.flatMap(({ name, variables }) =>
    variables.flatMap((variable): FoundKey[] => {
      const key = (new Map(Object.entries(env)).get(variable) ?? "").trim();
      if (key === "") return [];
      const owner = findKeyOwner(key)?.owner;
      if (owner === undefined) return [{ variable, name, url: null }];
      const other = upstreamOffers.find((offer) => hostOf(offer.name) === owner.host);
      if (other !== undefined) return [{ variable, name: other.name, url: null }];
      // One company may have several services, each with keys of its own.
      const url = usualBaseUrl(owner);
      return [{ variable, name: nameAddress(url), url }];
    }),
  );
}

/** The host at which an upstream of this name usually is. */
export function hostOf(name: string): string {
  return new URL(findUsualUrl(name, false) ?? "http://none.invalid").hostname;
}

/** The servers that answer on the usual ports of this machine, or where `OLLAMA_HOST` says. Never rejects. */
export async function findServers({ env }: Place): Promise<FoundServer[]> {
  const names = ["ollama", "lmstudio", "llamacpp", "vllm"];
  const found = await Promise.all(
    names.map(async (name) => {
      const url =
        (name === "ollama" ? readOllamaHost(env["OLLAMA_HOST"]) : null) ?? findUsualUrl(name, false);
      return url === null ? null : await askServer(name, url);
    }),
  );
  return found.filter((server) => server !== null);
}

/** `127.0.0.1:11500`, with or without a scheme; null for an address of another machine. */
function readOllamaHost(text: string | undefined): string | null {
  const url = URL.parse(/^https?:/.test(text ?? "") ? (text ?? "") : `http://${text ?? ""}`);
  const usual = findUsualUrl("ollama", false);
  if (url === null || usual === null || text === undefined || !isLoopbackHost(url.hostname)) return null;
  return `http://${url.hostname}:${url.port || new URL(usual).port}/v1`;
}

async function askServer(name: string, url: string): Promise<FoundServer | null> {
  const list = await fetchSmallJson({
    url: new URL(`${url}/models`),
    headers: {},
    isLocal: true,
    maxMs: serverMs,
    maxBytes: mostListBytes,
    controller: new AbortController(),
  });
  if (!isJsonObject(list) || !Array.isArray(list["data"])) return null;
  const owners = list["data"].flatMap((model: unknown) =>
    isJsonObject(model) && typeof model["owned_by"] === "string" ? [model["owned_by"]] : [],
  );
  // Many programs take the ports 8000 and 8080, this one among them.
  const needsProof = name === "llamacpp" || name === "vllm";
  if (needsProof && recogniseOwner(owners) !== name) return null;
  return { name, url, modelCount: list["data"].length };
}

/** Where other programs keep their files, in the user's home. */
function listPlaces(place: Place): string[] {
  const inHome = (...parts: string[]) => join(place.homeDir, ...parts);
  return [
    inHome(".claude-code-router", "config.json"),
    inHome("litellm", "config.yaml"),
    inHome("litellm_config.yaml"),
    inHome(".litellm", "config.yaml"),
    inHome(".cli-proxy-api", "config.yaml"),
    inHome("cliproxyapi", "config.yaml"),
    inHome("CLIProxyAPI", "config.yaml"),
    inHome("claude-code-proxy", ".env"),
    locateClaudeSettings(place),
  ];
}

/** The files of other programs that name an upstream. Files that cannot be read are left out. */
export async function findFiles(place: Place): Promise<FoundFile[]> {
  const files = await Promise.all(
    listPlaces(place).map(async (path) => {
      const read = await readTakeoverFile(path);
      return "fault" in read || read.takeover.upstreams.length === 0 ? null : read;
    }),
  );
  return files.filter((file) => file !== null);
}

/** Reads a file of another program; the fault has no value of it. */
export async function readTakeoverFile(path: string): Promise<FoundFile | { readonly fault: string }> {
  const read = readSettingsText(path);
  if ("reason" in read) return { fault: `${path} cannot be read: ${read.reason}` };
  const format = recogniseFormat(read.text);
  if (format === null) {
    return {
      fault:
        `${path} is no file that can be taken over. These can be: config.json of claude-code-router, config.yaml of ` +
        "LiteLLM or CLIProxyAPI, the .env of a claude-code-proxy in Python, and Claude Code's settings.json.",
    };
  }
  const takeover = await parseTakeover(format, read.text);
  return "fault" in takeover ? { fault: `${path}: ${takeover.fault}` } : { path, format, takeover };
}
