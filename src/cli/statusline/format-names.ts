/** The line without `--format`. */
export const usualFormat =
  "{model} · context {context} · session {session_cost} · today {today_cost} · cache {cache}";

/** Each name of a format with what it stands for, for the help. */
export const formatNames = {
  model: "the model that answered last",
  upstream: "the upstream that answered last",
  asked: "the model that Claude Code asked for",
  context: "tokens in use, the window, and percent: 24k/131k 18%",
  context_tokens: "tokens of the last prompt and answer",
  window: "tokens that fit into the model",
  percent: "how full the window is",
  session_cost: "dollars of this session, sub-agents included",
  today_cost: "dollars since midnight: all, of a shared record this client's",
  cache: "prompt tokens of the session that came from a cache",
  requests: "requests of the session",
  errors: "those of them that failed",
  cwd: "the folder of Claude Code",
} as const;

export type FormatName = keyof typeof formatNames;
