import type { Target } from "../file-config.ts";
import { findNearest } from "../find-nearest.ts";
import type { FileContext } from "./file-context.ts";
import type { KeyPath } from "./key-path.ts";

/** A target in its two parts, or what is wrong with it, to be read after its text. */
type ParsedTarget = Target | { readonly fault: string };

/** Divides a target at its first slash. */
function parseTarget(text: string, upstreamNames: readonly string[]): ParsedTarget {
  const slash = text.indexOf("/");
  const [upstream, model] = slash === -1 ? [text, ""] : [text.slice(0, slash), text.slice(slash + 1)];
  if (!upstreamNames.includes(upstream)) return { fault: describeUnknown(text, upstream, upstreamNames) };
  if (model === "") {
    return {
      fault: `names no model. Write ${upstream}/MODEL, or ${upstream}/* to pass on the model asked for`,
    };
  }
  if (model !== "*" && model.includes("*")) {
    return {
      fault: `has a * beside other characters. A target is one model, or ${upstream}/* for the model asked for`,
    };
  }
  if (/\p{Cc}/u.test(model) || model.trim() !== model || model.length > 300) {
    return {
      fault: "is no target: its model has blanks around it, a line break, or more than 300 characters",
    };
  }
  return { upstream, model };
}

function describeUnknown(text: string, upstream: string, names: readonly string[]): string {
  const near = findNearest(upstream, names);
  const [only] = names;
  const guess =
    near !== null
      ? `. Did you mean ${near}${text.slice(upstream.length)}?`
      : names.length === 1 && only !== undefined
        ? `. Did you mean ${only}/${text}?`
        : `. There are ${names.join(", ")}`;
  return text.includes("/")
    ? `names the upstream ${upstream}, which is not there${guess}`
    : `is no target: a target is upstream/model${guess}`;
}

/** Reads a target or a list of them; faults are reported, and what is returned has none. */
export function readTargets(
  text: string | readonly string[],
  path: KeyPath,
  context: FileContext,
): readonly Target[] {
  const places: (readonly [KeyPath, string])[] =
    typeof text === "string" ? [[path, text]] : text.map((item, index) => [[...path, index], item] as const);
  const targets: Target[] = [];
  const seen = new Set<string>();
  for (const [place, item] of places) {
    const target = readTarget(item, place, context);
    if (target === null) continue;
    if (seen.has(item)) context.report(place, `${context.show(place, item)}stands in this list before`);
    else targets.push(target);
    seen.add(item);
  }
  return targets;
}

/** A short name with a slip in it is a model that the upstream does not know. Ids have digits, words for them seldom. */
function warnOfShortName({ upstream, model }: Target, path: KeyPath, context: FileContext): void {
  const { upstreams } = context.file;
  const named = Object.hasOwn(upstreams, upstream) ? upstreams[upstream] : undefined;
  const names = Object.keys(named?.models ?? {});
  const near = names.includes(model) || !/^[a-z-]+$/i.test(model) ? null : findNearest(model, names);
  if (near === null) return;
  const shown = context.show(path, `${upstream}/${model}`);
  context.warn(path, `${shown}has no short name of ${upstream}. Did you mean ${upstream}/${near}?`);
}

/** Reads one target; null for a faulty one, which is reported. */
export function readTarget(text: string, path: KeyPath, context: FileContext): Target | null {
  const target = parseTarget(text, context.upstreamNames);
  if (!("fault" in target)) {
    warnOfShortName(target, path, context);
    return target;
  }
  // The fault repeats words of the target, which may come from a secret.
  const shown = context.show(path, text);
  const fault = shown === "" ? "is no target of this file" : shown + target.fault;
  context.report(path, fault);
  return null;
}
