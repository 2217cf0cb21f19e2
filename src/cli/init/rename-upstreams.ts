import { findUsualUrl } from "../../profiles/usual-urls.ts";
import type { Takeover } from "../../takeover/takeover.ts";

/**
 * Gives another name to each upstream whose name stands for another address in the file that exists, so that nothing in
 * that file changes its meaning.
 * @param existing the addresses of the file's upstreams by name; null for the usual one
 */
export function renameUpstreams(setup: Takeover, existing: ReadonlyMap<string, string | null>): Takeover {
  const names = new Map<string, string>();
  const taken = new Set([...existing.keys(), ...setup.upstreams.map(({ name }) => name)]);
  for (const { name, url, protocol } of setup.upstreams) {
    const usual = findUsualUrl(name, protocol === "anthropic");
    const before = existing.get(name);
    if (before === undefined || (before ?? usual) === (url ?? usual)) continue;
    let free = name;
    for (let number = 2; taken.has(free); number += 1) free = `${name}-${number}`;
    taken.add(free);
    names.set(name, free);
  }
  if (names.size === 0) return setup;
  const rename = (target: string) => {
    const slash = target.indexOf("/");
    return `${names.get(target.slice(0, slash)) ?? target.slice(0, slash)}${target.slice(slash)}`;
  };
  return {
    ...setup,
    upstreams: setup.upstreams.map((upstream) => {
      const { name, url, protocol } = upstream;
      const renamed = names.get(name);
      if (renamed === undefined) return upstream;
      return { ...upstream, name: renamed, url: url ?? findUsualUrl(name, protocol === "anthropic") };
    }),
    routes: new Map([...setup.routes].map(([asked, targets]) => [asked, targets.map(rename)])),
    cases: setup.cases.map((one) => ({ ...one, to: rename(one.to) })),
    models: new Map([...setup.models].map(([target, facts]) => [rename(target), facts])),
  };
}
