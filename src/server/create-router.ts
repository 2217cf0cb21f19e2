import type { Result, Router } from "hono/router";
import { LinearRouter } from "hono/router/linear-router";

/** Clients use no other method; anybody may invent some, and what is remembered must not grow by that. */
const rememberedMethods: ReadonlySet<string> = new Set(["GET", "POST"]);

/**
 * Creates the router of the server. Hono's usual one compiles all routes into patterns at the first request, which takes
 * longer than the rest of that request. This one compares them in turn, once for each path without a parameter, and
 * remembers what it found.
 */
export function createRouter<Handler>(): Router<Handler> {
  const inTurn = new LinearRouter<Handler>();
  const exactPaths = new Set<string>();
  const found = new Map<string, Result<Handler>>();
  return {
    name: "ExactRouter",
    add(method, path, handler) {
      inTurn.add(method, path, handler);
      if (!/[:*?]/.test(path)) exactPaths.add(path);
    },
    match(method, path) {
      if (!exactPaths.has(path) || !rememberedMethods.has(method)) return inTurn.match(method, path);
      const key = `${method} ${path}`;
      const known = found.get(key);
      if (known !== undefined) return known;
      const result = inTurn.match(method, path);
      found.set(key, result);
      return result;
    },
  };
}
