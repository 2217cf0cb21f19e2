import type { TakeoverResult } from "./takeover.ts";

/** The programs whose files can be taken over. */
export const takeoverFormats = [
  "claude-code-router",
  "litellm",
  "cli-proxy-api",
  "python-proxy",
  "claude-settings",
] as const;

export type TakeoverFormat = (typeof takeoverFormats)[number];

/** Members that only a file of CLIProxyAPI has. */
const apiMembers =
  /^(?:openai-compatibility|(?:gemini|codex|claude|xai)-api-key|generative-language-api-key|api-keys|auth-dir):/m;

/** Looks at each line alone: blanks that could be line breaks too would be searched again from each of them. */
const pythonLine =
  /^[ \t\uFEFF]*(?:export[ \t]+)?(?:BIG_MODEL|PREFERRED_PROVIDER|SMALL_MODEL|OPENAI_API_KEY)[ \t]*=/m;

/** The format of a file by what stands in it; null if it is none of them. */
export function recogniseFormat(text: string): TakeoverFormat | null {
  if (/^\s*(?:\/[/*][\s\S]*?)?\{/.test(text)) {
    if (/["']?Providers["']?\s*:/.test(text)) return "claude-code-router";
    return /"(?:env|\$schema|permissions|model|hooks)"\s*:/.test(text) ? "claude-settings" : null;
  }
  if (/^(?:model_list|litellm_settings):/m.test(text)) return "litellm";
  if (apiMembers.test(text)) return "cli-proxy-api";
  return pythonLine.test(text) ? "python-proxy" : null;
}

/** Reads a file of this format, with or without a byte order mark. Loads the reader of that format alone. */
export async function parseTakeover(format: TakeoverFormat, given: string): Promise<TakeoverResult> {
  const text = given.replace(/^\uFEFF/, "");
  switch (format) {
    case "claude-code-router":
      return (await import("./read-claude-code-router.ts")).readClaudeCodeRouter(text);
    case "litellm":
      return (await import("./read-litellm.ts")).readLitellm(text);
    case "cli-proxy-api":
      return (await import("./read-cli-proxy-api.ts")).readCliProxyApi(text);
    case "python-proxy":
      return (await import("./read-python-proxy.ts")).readPythonProxy(text);
    case "claude-settings":
      return (await import("./read-claude-settings.ts")).readClaudeSettings(text);
  }
}
