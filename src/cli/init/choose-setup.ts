import { resolve } from "node:path";
import { isPrivateHost } from "../../config/is-private-host.ts";
import { listUpstreams } from "../../config/list-upstreams.ts";
import type { Place } from "../../config/locate-folders.ts";
import { parseEnvFile } from "../../config/parse-env-file.ts";
import type { UpstreamSettings } from "../../config/upstream-settings.ts";
import { isAnthropic } from "../../profiles/known-upstreams.ts";
import { familyNames, findUsualUrl } from "../../profiles/usual-urls.ts";
import { nameAddress } from "../../takeover/name-address.ts";
import { readAddress } from "../../takeover/read-address.ts";
import type { TakenKey, TakenUpstream, Takeover } from "../../takeover/takeover.ts";
import { CommandError } from "../command-error.ts";
import { shortenHome } from "../shorten-home.ts";
import { chooseKey, type StoredKey } from "./choose-key.ts";
import { chooseModels, listModels } from "./choose-models.ts";
import { type FoundFile, findFiles, findKeys, findServers, hostOf, readTakeoverFile } from "./find-setups.ts";
import type { InitFlags } from "./init-flags.ts";
import { loadSetup, type SetupFiles } from "./load-setup.ts";
import type { Choice, Prompts } from "./prompts.ts";
import type { Talk } from "./talk.ts";
import { findOffer, upstreamOffers } from "./upstream-offers.ts";

/** What is to be set up. */
export interface ChosenSetup {
  readonly setup: Takeover;
  /** The file that it was taken from; null for none. */
  readonly from: FoundFile | null;
  readonly stored: StoredKey | null;
}

export interface ChoosingParts {
  readonly flags: InitFlags;
  /** Null if nobody is there to answer. */
  readonly prompts: Prompts | null;
  readonly talk: Talk;
  readonly place: Place;
  readonly files: SetupFiles;
}

/** Decides what is to be set up, by the flags or by the person's answers. */
export async function chooseSetup(parts: ChoosingParts): Promise<ChosenSetup> {
  const { flags, prompts } = parts;
  if (flags.from !== undefined) {
    const found = await readTakeoverFile(resolve(flags.from));
    if ("fault" in found) throw new CommandError(found.fault, 2);
    return { setup: found.takeover, from: found, stored: null };
  }
  if (flags.upstream !== undefined || prompts === null)
    return await setUpUpstream(flags.upstream ?? "", parts);
  return await askForSetup(parts, prompts);
}

async function askForSetup(parts: ChoosingParts, prompts: Prompts): Promise<ChosenSetup> {
  const { place, talk } = parts;
  talk.say("Looking for what is here: keys, model servers, files of other programs …");
  const [servers, files] = await Promise.all([findServers(place), findFiles(place)]);
  const keys = findKeys(place);
  const found: Choice[] = [
    ...files.map(({ path, takeover }, index) => ({
      value: ` file ${index}`,
      label: `Take over ${shortenHome(path, place.homeDir)}`,
      hint: takeover.upstreams.map(({ name }) => name).join(", "),
    })),
    ...servers.map(({ name, url, modelCount }) => ({
      value: url,
      label: findOffer(name)?.label ?? name,
      hint: `runs, ${modelCount} ${modelCount === 1 ? "model" : "models"}`,
    })),
    ...keys.map(({ variable, name, url }) => ({
      value: url ?? name,
      label: url === null ? (findOffer(name)?.label ?? name) : new URL(url).hostname,
      hint: `key in ${variable}`,
    })),
  ];
  const usualKeys = keys.filter(({ url }) => url === null);
  const foundNames = new Set([...servers, ...usualKeys].map(({ name }) => name));
  const rest = upstreamOffers
    .filter(({ name }) => !foundNames.has(name))
    .map(({ name, label, page }) => ({ value: name, label, hint: page }));
  const other = { value: " other", label: "Another server, by its address" };
  const chosen = await prompts.choose("Where are your models?", [...distinct(found), ...rest, other]);
  const file = files.find((_file, index) => chosen === ` file ${index}`);
  if (file !== undefined) return { setup: file.takeover, from: file, stored: null };
  const address =
    chosen === other.value
      ? await prompts.askText("Its address, such as http://gpu1:8000/v1", (text) => {
          const read = readAddress(completeAddress(text));
          return "fault" in read ? `I${read.fault.slice(1)}` : undefined;
        })
      : chosen;
  return await setUpUpstream(address, parts);
}

/** One choice for each value: an upstream may have its key in two variables. */
function distinct(choices: readonly Choice[]): Choice[] {
  return [...new Map(choices.toReversed().map((choice) => [choice.value, choice])).values()].toReversed();
}

/** Sets up one upstream, by its name or its address. */
async function setUpUpstream(wanted: string, parts: ChoosingParts): Promise<ChosenSetup> {
  const { flags, prompts, place, talk } = parts;
  const { name, url, isAnthropic } = readWanted(wanted);
  const { hostname, host } = new URL(url ?? findUsualUrl(name, isAnthropic) ?? "");
  const question = {
    name,
    offer: hostname === hostOf(name) ? findOffer(name) : undefined,
    hostname,
    isPrivate: isPrivateHost(hostname),
    found: findKeys(place),
    homeDir: place.homeDir,
    isSet: (variable: string) => isSet(variable, parts),
  };
  const { key, stored } = await chooseKey(question, flags, prompts);
  talk.say(`Asking ${host} for its models …`);
  const upstream = await findPath(composeUpstream({ name, url, key, isAnthropic }), stored, parts);
  const models = await chooseModels(await resolveUpstream(upstream, stored, parts), flags, prompts);
  for (const model of models.unlisted) talk.warn(`${name} does not list the model ${model}.`);
  const routes = new Map([
    ["default", [`${name}/${models.big}`]],
    ...(models.medium === null ? [] : [["sonnet", [`${name}/${models.medium}`]] as const]),
    ["haiku", [`${name}/${models.small}`]],
  ]);
  return { setup: { ...noSetup, upstreams: [upstream], routes }, from: null, stored };
}

/** A reference is looked up where the program looks: in the environment, then in the `.env`. */
function isSet(variable: string, { place, files }: ChoosingParts): boolean {
  const inFile = parseEnvFile(files.envText ?? "").values;
  return [new Map(Object.entries(place.env)), new Map(Object.entries(inFile))].some(
    (values) => (values.get(variable) ?? "").trim() !== "",
  );
}

/** The upstream by the address at which it lists its models, if that was given without a path. */
async function findPath(
  upstream: TakenUpstream,
  stored: StoredKey | null,
  parts: ChoosingParts,
): Promise<TakenUpstream> {
  const { url, protocol } = upstream;
  const isBare = url !== null && /^https?:\/\/[^/?]+$/.test(url);
  if (!isBare || protocol === "anthropic") return upstream;
  const versioned = { ...upstream, url: `${url}/v1` };
  const list = await listModels(await resolveUpstream(versioned, stored, parts));
  if (list.size === 0) return upstream;
  parts.talk.say(`It lists them at ${versioned.url}, which is taken for its address.`);
  return versioned;
}

const noSetup: Takeover = {
  upstreams: [],
  routes: new Map(),
  cases: [],
  models: new Map(),
  clientKeys: [],
  server: {},
  left: [],
  notes: [],
};

/** An address as people say it, with the scheme that they leave out. */
function completeAddress(text: string): string {
  if (text.includes("://")) return text;
  const hostname = URL.parse(`http://${text}`)?.hostname ?? "";
  return `${isPrivateHost(hostname) ? "http" : "https"}://${text}`;
}

function readWanted(wanted: string): { name: string; url: string | null; isAnthropic: boolean } {
  if (familyNames.includes(wanted)) return { name: wanted, url: null, isAnthropic: wanted === "anthropic" };
  const read = /[.:/]/.test(wanted) ? readAddress(completeAddress(wanted)) : null;
  if (read === null) {
    throw new CommandError(
      `--upstream ${wanted}: there is no such upstream. Give an address that begins with https:// or http://, or one of ${familyNames.join(", ")}`,
      2,
    );
  }
  if ("fault" in read) throw new CommandError(`--upstream: ${read.fault}`, 2);
  const isPassed = read.protocol === "anthropic" || isAnthropic(read.url);
  return { name: isPassed ? "anthropic" : nameAddress(read.url), url: read.url, isAnthropic: isPassed };
}

function composeUpstream(found: {
  name: string;
  url: string | null;
  key: TakenKey | null;
  isAnthropic: boolean;
}): TakenUpstream {
  const { name, url, key, isAnthropic } = found;
  return {
    name,
    url: url === findUsualUrl(name, isAnthropic) ? null : url,
    protocol: isAnthropic ? "anthropic" : null,
    keys: key === null ? [] : [key],
    headers: {},
    body: {},
    httpProxy: null,
  };
}

/** The upstream with its key in its place, checked as the program would check it. */
async function resolveUpstream(
  upstream: TakenUpstream,
  stored: StoredKey | null,
  { files, place }: ChoosingParts,
): Promise<UpstreamSettings> {
  const alone: Takeover = {
    ...noSetup,
    upstreams: [upstream],
    routes: new Map([["default", [`${upstream.name}/*`]]]),
  };
  const nothing = { ...files, configText: null };
  const { loaded } = await loadSetup(alone, { files: nothing, place, stored });
  const [settings] = listUpstreams(loaded.config);
  if (settings === undefined) throw new Error("The upstream was not read back.");
  return settings;
}
