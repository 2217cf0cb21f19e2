import type { ClientState } from "./client-state.ts";
import type { CostSum, SessionFacts } from "./read-session-facts.ts";

/** What a line can show, as values; null for what is not known. */
export interface StatusValues {
  /** The model that answered last; before the first answer what the client calls its own. */
  readonly model: string | null;
  readonly upstream: string | null;
  readonly asked: string | null;
  readonly contextTokens: number | null;
  readonly window: number | null;
  readonly sessionCost: CostSum | null;
  readonly todayCost: CostSum | null;
  /** Tokens from the cache of all tokens of the session's prompts, from 0 to 1. */
  readonly cacheRate: number | null;
  readonly requests: number | null;
  readonly errors: number | null;
  readonly cwd: string | null;
}

/**
 * Puts together what the client tells and what the record knows.
 * @param facts null if the record could not be read
 */
export function composeStatusValues(state: ClientState, facts: SessionFacts | null): StatusValues {
  const last = facts?.last ?? null;
  const prompt = facts?.promptTokens ?? 0;
  return {
    model: last?.model ?? state.modelName,
    upstream: last?.upstream ?? null,
    asked: last?.askedModel ?? state.modelId,
    contextTokens: last === null ? state.contextTokens : last.contextTokens,
    window: last?.window ?? null,
    sessionCost: facts?.session ?? null,
    todayCost: facts?.today ?? null,
    cacheRate: facts === null || prompt === 0 ? null : facts.cacheReadTokens / prompt,
    requests: facts?.requests ?? null,
    errors: facts?.errors ?? null,
    cwd: state.cwd,
  };
}
