import { readGemmaCalls } from "./gemma-calls.ts";
import { readDsmlCalls, readMinimaxCalls } from "./invoked-calls.ts";
import { readFencedCall } from "./json-calls.ts";
import { readTaggedCalls } from "./tagged-calls.ts";
import { readDeepseekCalls, readHarmonyCalls, readKimiCalls, readMistralCalls } from "./token-calls.ts";
import type { CallReader } from "./written-call.ts";

/** The mark with which calls begin that a server's parser did not recognise. */
export interface CallMark {
  text: string;
  read: CallReader;
  /**
   * Where the mark counts: anywhere, if only a model that calls would write it; at the beginning of an answer; or only
   * from servers that are known to leave it in the text.
   */
  trust: "anywhere" | "at-start" | "local";
}

/** The marks of all families: servers run any model, and hosts of many models route to any server. */
export const callMarks: readonly CallMark[] = [
  { text: "<tool_call>", read: readTaggedCalls, trust: "at-start" },
  { text: "<function=", read: readTaggedCalls, trust: "at-start" },
  { text: "<｜DSML｜", read: readDsmlCalls, trust: "anywhere" },
  { text: "<|DSML|", read: readDsmlCalls, trust: "anywhere" },
  { text: "<｜tool▁calls▁begin｜>", read: readDeepseekCalls, trust: "anywhere" },
  { text: "<｜tool▁call▁begin｜>", read: readDeepseekCalls, trust: "anywhere" },
  { text: "<minimax:tool_call>", read: readMinimaxCalls, trust: "anywhere" },
  { text: "<|tool_calls_section_begin|>", read: readKimiCalls, trust: "anywhere" },
  { text: "<|tool_call_begin|>", read: readKimiCalls, trust: "anywhere" },
  { text: "<|tool_call>", read: readGemmaCalls, trust: "anywhere" },
  { text: "<|channel|>commentary to=", read: readHarmonyCalls, trust: "anywhere" },
  { text: "<|channel|>analysis to=", read: readHarmonyCalls, trust: "anywhere" },
  { text: "<|start|>assistant to=", read: readHarmonyCalls, trust: "anywhere" },
  { text: "<|start|>assistant<|channel|>commentary to=", read: readHarmonyCalls, trust: "anywhere" },
  { text: "[TOOL_CALLS]", read: readMistralCalls, trust: "anywhere" },
  { text: "```json\n{", read: readFencedCall, trust: "local" },
];
