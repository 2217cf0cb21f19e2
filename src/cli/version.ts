// Defined by the build (scripts/build.ts); undefined when the program runs from its source.
declare const CLAUDE_PROXY_VERSION: string | undefined;
declare const CLAUDE_PROXY_COMMIT: string | undefined;

/** False when the program runs from its source, as in a clone. */
export const isBuilt = typeof CLAUDE_PROXY_VERSION === "string";

/** The version of package.json at the time of the build. */
export const version = typeof CLAUDE_PROXY_VERSION === "string" ? CLAUDE_PROXY_VERSION : "development";

/** Short id of the commit that was built; empty if the build did not know it. */
const commit = typeof CLAUDE_PROXY_COMMIT === "string" ? CLAUDE_PROXY_COMMIT : "";

/** The output of `--version`: `0.1.0 (1a2b3c4d5e, Bun 1.4.5)`. */
export const versionText = `${version} (${commit === "" ? "" : `${commit}, `}Bun ${Bun.version})`;
