/**
 * Auto mode checks every risky action. Claude Code requests that check from the API, which only Anthropic's own
 * provides, and stops at the first such action if the API does not. With these variables it asks a model as usual: by
 * default the small one, by its tier.
 */
export function listAutoMode(checkModel: string | null): [name: string, value: string][] {
  return [
    ["CLAUDE_CODE_AUTO_MODE_SERVER", "0"],
    ["CLAUDE_CODE_AUTO_MODE_MODEL", checkModel ?? "haiku"],
  ];
}
