/** How the demo speaks about one wire of the upstream. */
export interface UpstreamWords {
  /** The name of the wire. */
  heading: string;
  request: string;
  /** The pieces of a streamed answer. */
  pieces: string;
}

/** The wires that the demonstration upstream speaks, as `--protocol` names them. */
export const upstreamWords = {
  chat: { heading: "OpenAI Chat Completions", request: "chat request", pieces: "chunks" },
  responses: { heading: "OpenAI Responses API", request: "responses request", pieces: "response events" },
} as const satisfies Record<string, UpstreamWords>;

export type DemonstrationProtocol = keyof typeof upstreamWords;
