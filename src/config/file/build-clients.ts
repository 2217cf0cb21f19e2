import { digestKey } from "../digest-key.ts";
import type { CaseRule, ClientSettings, RouteRule, Target } from "../file-config.ts";
import { capWithoutRecord } from "../find-conflicts.ts";
import { findNearest } from "../find-nearest.ts";
import { shortestGoodKey } from "../find-risks.ts";
import { defaultClient } from "../list-upstreams.ts";
import { findKeyFault } from "./check-upstream-keys.ts";
import type { FileContext } from "./file-context.ts";
import { compileIdPattern } from "./id-pattern.ts";
import type { KeyPath } from "./key-path.ts";

/** Limits that need to know what was spent before. */
const spendingLimits = ["usd_per_day", "usd_per_month"] as const;

/** Builds the clients, in the order of the file. Faults are reported. */
export function buildClients(context: FileContext): ClientSettings[] {
  const proxyKey = context.settingOf("PROXY_API_KEY");
  const isRecordOff = context.settingOf("RECORD")?.trim().toLowerCase() === "off";
  const nameByKey = new Map<string, string>(proxyKey === undefined ? [] : [[proxyKey, defaultClient]]);
  return Object.entries(context.file.clients ?? {}).map(([name, client]) => {
    const path: KeyPath = ["clients", name];
    if (name === defaultClient && proxyKey !== undefined) {
      context.report(
        path,
        "is the client of PROXY_API_KEY, which is set too: use another name, or unset that",
      );
    }
    checkKey(client.key, [...path, "key"], nameByKey, context);
    nameByKey.set(client.key, name);
    for (const limit of spendingLimits) {
      if (client[limit] !== undefined && isRecordOff) {
        context.report([...path, limit], `${capWithoutRecord}: set RECORD=on, or take the limit away`);
      }
    }
    for (const [index, pattern] of (client.models ?? []).entries()) {
      checkPattern(pattern, [...path, "models", index], context);
    }
    return {
      name,
      keyDigest: digestKey(client.key),
      usdPerDay: client.usd_per_day ?? null,
      usdPerMonth: client.usd_per_month ?? null,
      requestsPerMinute: client.requests_per_minute ?? null,
      models: client.models ?? null,
      admin: client.admin ?? false,
    };
  });
}

function checkKey(
  key: string,
  path: KeyPath,
  nameByKey: ReadonlyMap<string, string>,
  context: FileContext,
): void {
  const fault = findKeyFault(key);
  const other = nameByKey.get(key);
  if (fault !== null) context.report(path, fault);
  else if (other !== undefined)
    context.report(path, `is the same key as that of the client ${other}. Give each client a key of its own`);
  else if (key.length < shortestGoodKey) {
    context.warn(path, `has fewer than ${shortestGoodKey} characters and could be guessed`);
  }
}

/** A pattern whose upstream is misspelt would lock the client out. */
function checkPattern(pattern: string, path: KeyPath, { upstreamNames, show, report }: FileContext): void {
  const upstream = pattern.split("/")[0] ?? "";
  if (upstream.includes("*") || upstreamNames.includes(upstream)) return;
  const near = findNearest(upstream, upstreamNames);
  const rest = near === null ? `. There are ${upstreamNames.join(", ")}` : `. Did you mean ${near}?`;
  report(path, `${show(path, pattern)}matches no target: there is no such upstream${rest}`);
}

/** Reports the targets that no client may use, so that every request for them would be refused. */
export function checkAllowedTargets(
  rules: { readonly routes: readonly RouteRule[]; readonly cases: readonly CaseRule[] },
  clients: readonly ClientSettings[],
  context: FileContext,
): void {
  if (clients.length === 0 || context.settingOf("PROXY_API_KEY") !== undefined) return;
  if (clients.some(({ models }) => models === null) || clients.length < context.clientNames.length) return;
  const patterns = clients.flatMap(({ models }) => models ?? []);
  const check = (target: Target, path: KeyPath) => {
    if (patterns.some((pattern) => mayMatch(pattern, target, context))) return;
    context.report(
      path,
      `${context.show(path, `${target.upstream}/${target.model}`)}is in no client's models`,
    );
  };
  for (const { asked, targets } of rules.routes)
    for (const target of targets) check(target, ["routes", asked]);
  for (const { line, targets } of rules.cases) {
    const index = context.caseIndexes.find((place) => context.lineOf(["cases", place]) === line);
    for (const target of targets) check(target, ["cases", index ?? 0, "to"]);
  }
}

/** Whether some request for the target may be allowed by the pattern; a short name counts as its model too. */
function mayMatch(pattern: string, { upstream, model }: Target, { findLongName }: FileContext): boolean {
  const { fits } = compileIdPattern(pattern);
  if (model === "*") {
    const start = pattern.slice(0, pattern.includes("*") ? pattern.indexOf("*") : undefined).toLowerCase();
    return start.startsWith(`${upstream}/`) || `${upstream}/`.startsWith(start);
  }
  const long = findLongName(upstream, model);
  return fits(`${upstream}/${model}`) || (long !== undefined && fits(`${upstream}/${long}`));
}
