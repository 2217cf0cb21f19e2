/** A count in at most five characters, as the dashboard has it too: `512`, `12.3k`, `123k`, `1.2M`. */
export function formatTokens(tokens: number): string {
  if (tokens < 1000) return String(Math.round(tokens));
  if (tokens < 99_950) return `${(tokens / 1000).toFixed(1)}k`;
  if (tokens < 999_500) return `${Math.round(tokens / 1000)}k`;
  return tokens < 99_950_000 ? `${(tokens / 1e6).toFixed(1)}M` : `${Math.round(tokens / 1e6)}M`;
}
