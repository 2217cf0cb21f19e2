import { editEnvText } from "../../config/edit-env-text.ts";
import { addToYamlList, setInYaml } from "../../config/file/edit-yaml.ts";
import type { Environment } from "../../config/locate-folders.ts";
import { parseEnvFile } from "../../config/parse-env-file.ts";
import { findUsualUrl } from "../../profiles/usual-urls.ts";
import type { TakenKey, TakenUpstream, Takeover } from "../../takeover/takeover.ts";
import { CommandError } from "../command-error.ts";
import { escapeReferences, escapeText } from "./escape-references.ts";
import type { ExistingTexts } from "./existing-texts.ts";
import { createKeyPlaces, isOther, type KeyPlaces } from "./place-keys.ts";

/** The files as they should be; null for one that stays as it is. */
export interface PlannedTexts {
  readonly env: string | null;
  readonly config: string | null;
}

const envHead = "# Settings of claude-proxy. All of them: claude-proxy serve --help\n";

/**
 * What has to be written so that a set-up is in force. One upstream with models for the tiers is written into `.env`;
 * whatever is more, what the environment would outweigh there, or a `config.yaml` that exists, into that file, with the keys in the `.env` beside it.
 * @param env the environment, whose variables outweigh those of the `.env`
 * @throws CommandError for a value that no `.env` can hold
 */
export function planFiles(setup: Takeover, now: ExistingTexts, env: Environment): PlannedTexts {
  const simple = now.config === null ? findSimple(setup, now.env ?? "") : null;
  if (simple !== null && !isOutweighed(simple, now.env ?? "", env))
    return { env: planEnv(now.env, simple), config: null };
  const places = createKeyPlaces(now, new Map(Object.entries(env)));
  const config = planConfig(setup, now.config ?? "", places);
  return {
    env: places.secrets.size === 0 ? null : planEnv(now.env, places.secrets),
    config: config === now.config ? null : config,
  };
}

function planEnv(now: string | null, values: ReadonlyMap<string, string>): string | null {
  try {
    const text = editEnvText(now ?? envHead, values);
    return text === now ? null : text;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const names = [...values.keys()].join(", ");
    throw new CommandError(
      `One of these has quotes of every kind or a line break, which no .env file can hold: ${names}`,
      2,
      { cause: error },
    );
  }
}

/** Whether the environment, or a key that is left in the file, would make another set-up of these settings. */
function isOutweighed(values: ReadonlyMap<string, string>, now: string, env: Environment): boolean {
  const inEnvironment = new Map(Object.entries(env));
  if ([...values].some(([name, value]) => isOther(inEnvironment.get(name), value))) return true;
  const key = "OPENAI_API_KEY";
  const usesKey = values.has(key) || values.get("BASE_URL")?.startsWith("https:") === true;
  // A key of somebody else's server would be sent to this one.
  return (
    !usesKey &&
    ((inEnvironment.get(key) ?? "") !== "" ||
      (new Map(Object.entries(parseEnvFile(now).values)).get(key) ?? "") !== "")
  );
}

/** The settings by which `.env` says all of the set-up; null if it cannot. */
function findSimple(setup: Takeover, now: string): ReadonlyMap<string, string> | null {
  const [upstream, ...others] = setup.upstreams;
  const { values: valuesNow } = parseEnvFile(now);
  const isPlain =
    upstream !== undefined &&
    others.length + setup.cases.length + setup.models.size === 0 &&
    Object.keys(upstream.headers).length + Object.keys(upstream.body).length === 0 &&
    upstream.httpProxy === null;
  if (!isPlain || upstream.keys.length > 1 || setup.clientKeys.length > 1) return null;
  const [key] = upstream.keys;
  const [clientKey] = setup.clientKeys;
  if (key !== undefined && !("secret" in key) && !("variable" in key && key.variable === "OPENAI_API_KEY"))
    return null;
  if (clientKey !== undefined && !("secret" in clientKey)) return null;
  const tiers = new Set(["default", "sonnet", "haiku"]);
  if ([...setup.routes].some(([asked, targets]) => !tiers.has(asked) || targets.length !== 1)) return null;
  const modelOf = (asked: string) => setup.routes.get(asked)?.[0]?.slice(upstream.name.length + 1);
  const big = modelOf("default");
  const small = modelOf("haiku") ?? big;
  const url = upstream.url ?? findUsualUrl(upstream.name, upstream.protocol === "anthropic");
  if (big === undefined || small === undefined || url === null || [big, small].includes("*")) return null;
  const isSetNow = (name: string) => Object.hasOwn(valuesNow, name);
  const medium = modelOf("sonnet") ?? (isSetNow("MEDIUM_MODEL_NAME") ? big : undefined);
  const protocol = upstream.protocol ?? (isSetNow("UPSTREAM_PROTOCOL") ? "auto" : undefined);
  const values: [string, string | undefined][] = [
    ["OPENAI_API_KEY", key !== undefined && "secret" in key ? key.secret : undefined],
    ["BASE_URL", url],
    ["BIG_MODEL_NAME", big],
    ["MEDIUM_MODEL_NAME", medium],
    ["SMALL_MODEL_NAME", small],
    ["UPSTREAM_PROFILE", isSetNow("UPSTREAM_PROFILE") ? "auto" : undefined],
    ["UPSTREAM_PROTOCOL", protocol],
    ["PROXY_API_KEY", clientKey?.secret],
    ...Object.entries(setup.server).map(([name, value]): [string, string] => [
      name.toUpperCase(),
      `${value}`,
    ]),
  ];
  return new Map(values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

function planConfig(setup: Takeover, now: string, places: KeyPlaces): string {
  const { upstreams, routes, models, server } = setup;
  const sections: [string, (readonly [string, unknown])[]][] = [
    ["upstreams", upstreams.map((upstream) => [upstream.name, composeUpstream(upstream, places)])],
    [
      "routes",
      [...routes].map(([asked, targets]) => [
        asked,
        escapeReferences(targets.length === 1 ? targets[0] : targets),
      ]),
    ],
  ];
  const others: typeof sections = [
    ["models", [...models].map(([target, facts]) => [target, escapeReferences(facts)])],
    ["clients", composeClients(setup.clientKeys, places)],
    ["server", Object.entries(server)],
  ];
  const addSections = (before: string, added: typeof sections) =>
    added
      .filter(([, members]) => members.length > 0)
      .reduce((text, [name, members]) => setInYaml(text, [name], Object.fromEntries(members)), before);
  const text = setup.cases.reduce(
    (before, one) => addToYamlList(before, "cases", escapeReferences(one)),
    addSections(now, sections),
  );
  return addSections(text, others);
}

/** Clients of the file that exists keep their names and their keys. */
function composeClients(keys: readonly TakenKey[], places: KeyPlaces): [string, { key: string }][] {
  const taken = new Set<string>();
  return keys.map((key, index) => {
    const reference = places.place(key, `CLIENT_${index + 1}_KEY`, []);
    const isTaken = (name: string) =>
      taken.has(name) ||
      (places.has(["clients", name]) && places.readText(["clients", name, "key"]) !== reference);
    let number = index + 1;
    while (isTaken(`client-${number}`)) number += 1;
    taken.add(`client-${number}`);
    return [`client-${number}`, { key: reference }];
  });
}

function composeUpstream(upstream: TakenUpstream, places: KeyPlaces): Record<string, unknown> {
  const { name, url, protocol, headers, body, httpProxy } = upstream;
  const plain = name.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
  const variable = /^\d/.test(plain) ? `UPSTREAM_${plain}` : plain;
  const own = ["upstreams", name];
  const keys = upstream.keys.map((key, index) =>
    places.place(key, `${variable}_API_KEY${index === 0 ? "" : `_${index + 1}`}`, [...own, "key"]),
  );
  const shownHeaders = Object.entries(headers).map(([header, value]) => {
    const isSecret = /auth|key|token|secret|cookie/i.test(header) && !/\$\{[A-Za-z_]\w*\}/.test(value);
    const place = `${variable}_${header.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}`;
    return [
      header,
      isSecret ? places.place({ secret: value }, place, [...own, "headers", header]) : escapeText(value),
    ] as const;
  });
  return {
    ...(url === null ? {} : { url }),
    ...(protocol === null || (protocol === "anthropic" && name === "anthropic") ? {} : { protocol }),
    ...(keys.length === 1 ? { key: keys[0] } : keys.length > 1 ? { keys } : {}),
    ...(shownHeaders.length === 0 ? {} : { headers: Object.fromEntries(shownHeaders) }),
    ...(Object.keys(body).length === 0 ? {} : { body: escapeReferences(body) }),
    ...(httpProxy === null ? {} : { http_proxy: escapeText(httpProxy) }),
  };
}
