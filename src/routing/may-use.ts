import { compileIdPattern } from "../config/file/id-pattern.ts";
import type { FileConfig, Target } from "../config/file-config.ts";

/**
 * Whether a client may use a target.
 * @param patterns of the targets that it may use, such as `azure/*`; null for all. They may name a model as its
 *   upstream does, or by the short name that the file gives it.
 * @param target with the long id of its model
 */
export function mayUse(
  patterns: readonly string[] | null,
  { upstream, model }: Target,
  upstreams: FileConfig["upstreams"],
): boolean {
  if (patterns === null) return true;
  const names = [`${upstream}/${model}`];
  for (const [short, long] of upstreams.get(upstream)?.models ?? []) {
    if (long === model) names.push(`${upstream}/${short}`);
  }
  return patterns.some((pattern) => {
    const { fits } = compileIdPattern(pattern);
    return names.some(fits);
  });
}
