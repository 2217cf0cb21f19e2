/** One event of an answer, or a whole one. */
export interface ToyItem {
  think?: string;
  say?: string;
  call?: { id: string; name: string; takes: string };
  end?: "done" | "calls" | "length";
  used?: [inputTokens: number, outputTokens: number];
}
