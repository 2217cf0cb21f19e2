import { editEnvText } from "../../config/edit-env-text.ts";
import { addToYamlList, setInYaml } from "../../config/file/edit-yaml.ts";
import type { Environment } from "../../config/locate-folders.ts";
import { findUsualUrl } from "../../profiles/usual-urls.ts";
import type { TakenKey, TakenUpstream, Takeover } from "../../takeover/takeover.ts";

/** The files as they are now; null for one that does not exist. */
export interface ExistingTexts {
  readonly env: string | null;
  readonly config: string | null;
}

/** The files as they should be; null for one that stays as it is. */
export interface PlannedTexts {
  readonly env: string | null;
  readonly config: string | null;
}

const envHead = "# Settings of claude-proxy. All of them are listed by: claude-proxy serve --help\n";

/**
 * What has to be written so that a set-up is in force. One upstream with models for the tiers is written into `.env`;
 * whatever is more, what the environment would outweigh there, or a `config.yaml` that exists, into that file, with the keys in the `.env` beside it.
 * @param env the environment, whose variables outweigh those of the `.env`
 */
export function planFiles(setup: Takeover, now: ExistingTexts, env: Environment): PlannedTexts {
  const simple = now.config === null ? findSimple(setup, now.env ?? "") : null;
  if (simple !== null && !isOutweighed(simple, now.env ?? "", env))
    return { env: planEnv(now.env, simple), config: null };
  const secrets = new Map<string, string>();
  const config = planConfig(setup, now.config ?? "", { secrets, env });
  return {
    env: secrets.size === 0 ? null : planEnv(now.env, secrets),
    config: config === now.config ? null : config,
  };
}

function planEnv(now: string | null, values: ReadonlyMap<string, string>): string | null {
  const text = editEnvText(now ?? envHead, values);
  return text === now ? null : text;
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
      new RegExp(`^\\s*(?:export\\s+)?${key}\\s*=\\s*\\S`, "m").test(now))
  );
}

/** The settings by which `.env` says all of the set-up; null if it cannot. */
function findSimple(setup: Takeover, now: string): ReadonlyMap<string, string> | null {
  const [upstream, ...others] = setup.upstreams;
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
  const isSetNow = (name: string) => new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`, "m").test(now);
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

interface SecretPlaces {
  /** Filled: the names under which the keys go into `.env`. */
  readonly secrets: Map<string, string>;
  readonly env: Environment;
}

function planConfig(setup: Takeover, now: string, places: SecretPlaces): string {
  let text = now;
  for (const upstream of setup.upstreams) {
    text = setInYaml(text, ["upstreams", upstream.name], composeUpstream(upstream, places));
  }
  for (const [asked, targets] of setup.routes) {
    const [only, ...others] = targets;
    text = setInYaml(text, ["routes", asked], others.length === 0 ? only : targets);
  }
  for (const one of setup.cases) text = addToYamlList(text, "cases", one);
  for (const [target, facts] of setup.models) text = setInYaml(text, ["models", target], facts);
  for (const [index, key] of setup.clientKeys.entries()) {
    const name = `client-${index + 1}`;
    text = setInYaml(text, ["clients", name], { key: placeKey(key, `CLIENT_${index + 1}_KEY`, places) });
  }
  for (const [name, value] of Object.entries(setup.server)) text = setInYaml(text, ["server", name], value);
  return text;
}

function composeUpstream(upstream: TakenUpstream, places: SecretPlaces): Record<string, unknown> {
  const { name, url, protocol, headers, body, httpProxy } = upstream;
  const plain = name.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
  const variable = /^\d/.test(plain) ? `UPSTREAM_${plain}` : plain;
  const keys = upstream.keys.map((key, index) =>
    placeKey(key, `${variable}_API_KEY${index === 0 ? "" : `_${index + 1}`}`, places),
  );
  const shownHeaders = Object.entries(headers).map(([header, value]) => {
    const isSecret = /auth|key|token|secret|cookie/i.test(header) && !value.includes("${");
    const place = `${variable}_${header.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}`;
    return [header, isSecret ? placeKey({ secret: value }, place, places) : value] as const;
  });
  return {
    ...(url === null ? {} : { url }),
    ...(protocol === null || (protocol === "anthropic" && name === "anthropic") ? {} : { protocol }),
    ...(keys.length === 1 ? { key: keys[0] } : keys.length > 1 ? { keys } : {}),
    ...(shownHeaders.length === 0 ? {} : { headers: Object.fromEntries(shownHeaders) }),
    ...(Object.keys(body).length === 0 ? {} : { body }),
    ...(httpProxy === null ? {} : { http_proxy: httpProxy }),
  };
}

/** The reference to a key; one that is written out goes into the `.env` under a name that nothing else has. */
function placeKey(key: TakenKey, name: string, { secrets, env }: SecretPlaces): string {
  if ("reference" in key) return key.reference;
  if ("variable" in key) return `\${${key.variable}}`;
  const inEnvironment = new Map(Object.entries(env));
  let free = name;
  for (let number = 2; isOther(inEnvironment.get(free), key.secret); number += 1) free = `${name}_${number}`;
  secrets.set(free, key.secret);
  return `\${${free}}`;
}

/** Whether a variable of the environment would outweigh the value. */
function isOther(value: string | undefined, wanted: string): boolean {
  return value !== undefined && value.trim() !== "" && value !== wanted;
}
