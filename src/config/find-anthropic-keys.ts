import { isAnthropicKey } from "../profiles/known-upstreams.ts";
import type { Environment } from "./locate-folders.ts";

/** The variables from which Claude Code takes its own credential. */
const clientVariables = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"] as const;

/** The variables that hold a real key of Anthropic, which Claude Code would send to whatever address it is given. */
export function findAnthropicKeys(env: Environment = process.env): string[] {
  return clientVariables.filter((name) => isAnthropicKey((env[name] ?? "").trim()));
}
