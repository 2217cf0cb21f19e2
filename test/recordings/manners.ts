import type { ProfileId } from "../../src/profiles/profile-ids.ts";

/** The manner of a server: the recording that shows it, and the fixture written by hand in the same manner. */
export interface Manner {
  recording: string;
  fixture: string;
  profile: ProfileId;
}

/** A new recording needs a row and a fixture: a recording may not be copied into the project, its shapes may. */
export const manners: readonly Manner[] = [
  { recording: "alibaba-reasoning.chunks.txt", fixture: "alibaba-reasoning.sse", profile: "qwen" },
  { recording: "alibaba-text.chunks.txt", fixture: "alibaba-text.sse", profile: "qwen" },
  { recording: "alibaba-tool-call.chunks.txt", fixture: "alibaba-tool-call.sse", profile: "qwen" },
  { recording: "deepseek-reasoning.chunks.txt", fixture: "deepseek-reasoning.sse", profile: "deepseek" },
  { recording: "deepseek-reasoning.json", fixture: "deepseek-reasoning.json", profile: "deepseek" },
  { recording: "deepseek-text.chunks.txt", fixture: "deepseek-text.sse", profile: "deepseek" },
  { recording: "deepseek-text.json", fixture: "deepseek-text.json", profile: "deepseek" },
  { recording: "groq-reasoning.chunks.txt", fixture: "groq-reasoning.sse", profile: "groq" },
  { recording: "groq-text.chunks.txt", fixture: "groq-text.sse", profile: "groq" },
  {
    recording: "mistral-incremental-tool-call.chunks.txt",
    fixture: "mistral-tool-call.sse",
    profile: "mistral",
  },
  { recording: "mistral-text.chunks.txt", fixture: "mistral-text.sse", profile: "mistral" },
  { recording: "moonshotai-stream.chunks.txt", fixture: "moonshotai-reasoning.sse", profile: "kimi" },
  { recording: "openai-text.chunks.txt", fixture: "openai-text.sse", profile: "openai" },
  { recording: "openai-text.json", fixture: "openai-text.json", profile: "openai" },
  { recording: "perplexity-citations.chunks.txt", fixture: "perplexity-citations.sse", profile: "generic" },
  { recording: "xai-text.chunks.txt", fixture: "xai-text.sse", profile: "xai" },
  { recording: "xai-text.json", fixture: "xai-text.json", profile: "xai" },
];
