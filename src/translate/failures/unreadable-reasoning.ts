import type { ErrorFacts } from "./error-facts.ts";

/**
 * The text for an upstream that cannot read the reasoning sent back to it (rules 6.4 and 25.2): the words of the real
 * API, at which Claude Code takes thinking out of its history. Null for any other error.
 */
export function sayUnreadable({ names }: ErrorFacts, message: string): string | null {
  return names.includes("invalid_encrypted_content")
    ? `Invalid \`signature\` in \`thinking\` block: ${message}`
    : null;
}
