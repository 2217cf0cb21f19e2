/**
 * What one developer with Claude Code asks of a proxy. "Measured" is what Claude Code 2.1.332 did before a scripted model,
 * without settings of its own: `-p` on a folder of 30 TypeScript files, forty rounds of tools, then three sub-agents, then
 * `/context`. What depends on people, models and servers is assumed, and is to be replaced by one's own numbers: the record
 * has most of them.
 */
export interface SessionModel {
  /** Measured: the first request of a conversation, 12 tools and a short question. */
  readonly firstRequestBytes: number;
  /** Assumed: what a project adds to each request: its CLAUDE.md, tools of MCP servers, a longer question. */
  readonly projectBytes: number;
  /** Measured: by so much each round grows the next request; files of 2 to 10 KB were read, and output of grep. */
  readonly exchangeBytes: number;
  /** Measured: Claude Code compacts at 167,000 tokens of a window of 200,000; a token of its requests had 4.38 bytes. */
  readonly mostRequestBytes: number;
  /** Assumed: the summary with which a conversation goes on then, beside what each request has. */
  readonly summaryBytes: number;
  /** Assumed: requests until a prompt is answered; each round of tools is one. */
  readonly exchangesOfPrompt: number;
  /** Assumed: prompts until a conversation is left for a new one. */
  readonly promptsOfConversation: number;
  /** Assumed: until the first chunk of an answer. */
  readonly firstByteSeconds: number;
  /** Assumed: tokens of an answer; a call of a tool and a sentence. */
  readonly answerTokens: number;
  /** Assumed: how fast a model writes. */
  readonly tokensPerSecond: number;
  /** Assumed, and the worst case: servers that send several tokens at once send fewer chunks. */
  readonly tokensOfChunk: number;
  /** Measured: an event of four characters of text, as the proxy sends it. */
  readonly chunkBytes: number;
  /** Assumed: how long tools run between two requests; reading a file took 0.1 s, a build takes minutes. */
  readonly toolSeconds: number;
  /** Assumed: from an answer to the next prompt of the same person. */
  readonly pauseSeconds: number;
  /** Assumed: the part of prompts that start sub-agents. */
  readonly agentsShare: number;
  /** Assumed: sub-agents at once; Claude Code runs those of one answer in parallel (measured). */
  readonly agentsAtOnce: number;
  /** Measured: the first request of a sub-agent, 8 tools. */
  readonly agentRequestBytes: number;
  /** Measured: by so much each of its rounds grows the next request. */
  readonly agentExchangeBytes: number;
  /** Assumed: requests of a sub-agent. */
  readonly exchangesOfAgent: number;
  /** Measured: an interactive conversation has one request for its title. Assumed: its size. */
  readonly titleBytes: number;
  /** Assumed: requests beside a prompt that carry the whole conversation, such as the suggestion of the next prompt. */
  readonly suggestionsOfPrompt: number;
  /** Measured: requests for a count of tokens that `/context` sends at once. */
  readonly countsOfBurst: number;
  /** Measured: their mean size; the largest has 30 KB. */
  readonly countBytes: number;
  /** Assumed: such bursts in a conversation. */
  readonly burstsOfConversation: number;
  /**
   * Assumed: the part of all developers who work with it in each hour of the day, from midnight. Within half an hour
   * somebody does or does not.
   */
  readonly shareAtWork: readonly number[];
}

/** The model that `bun run sizing` uses. */
export const sessionModel: SessionModel = {
  firstRequestBytes: 48_800,
  projectBytes: 12_000,
  exchangeBytes: 3_700,
  mostRequestBytes: 730_000,
  summaryBytes: 20_000,
  exchangesOfPrompt: 10,
  promptsOfConversation: 8,
  firstByteSeconds: 1.5,
  answerTokens: 300,
  tokensPerSecond: 60,
  tokensOfChunk: 1,
  chunkBytes: 126,
  toolSeconds: 4,
  pauseSeconds: 150,
  agentsShare: 0.1,
  agentsAtOnce: 3,
  agentRequestBytes: 28_500,
  agentExchangeBytes: 3_100,
  exchangesOfAgent: 8,
  titleBytes: 3_000,
  suggestionsOfPrompt: 1,
  countsOfBurst: 24,
  countBytes: 3_000,
  burstsOfConversation: 0.25,
  shareAtWork: [
    0, 0, 0, 0, 0, 0, 0.01, 0.05, 0.2, 0.4, 0.5, 0.5, 0.3, 0.4, 0.5, 0.5, 0.45, 0.3, 0.12, 0.05, 0.03, 0.02,
    0.01, 0,
  ],
};
