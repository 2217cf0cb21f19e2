/** What an upstream and its model can do and need, in words of no wire, grouped by what it speaks of. */
export interface ModelTraits {
  readonly request: RequestTraits;
  readonly tools: ToolTraits;
  readonly messages: MessageTraits;
  readonly reasoning: ReasoningTraits;
  readonly answer: AnswerTraits;
}

export interface RequestTraits {
  /** Tokens; the largest output this model is known to allow, or null. 10.5 */
  readonly outputCeiling: number | null;
  /**
   * Tokens; the longest prompt this model is known to take, or null. An error that names none is told with it, until the
   * upstream itself names one. 25.3
   */
  readonly inputWindow: number | null;
  /** The field that names the client's session. */
  readonly session: "session_id" | "prompt_cache_key" | "none";
  /** Sends `HTTP-Referer` and `X-Title`. */
  readonly sendsAttribution: boolean;
  /** The header that carries the key: `Authorization: Bearer`, or `api-key` (older addresses of Azure). */
  readonly keyHeader: "bearer" | "api-key";
  /** Seconds for which this upstream may be silent while a model thinks; null for no more than any other. */
  readonly silenceSeconds: number | null;
}

export interface ToolTraits {
  readonly maxTools: number | null;
  readonly names: "any" | "no-leading-digit";
  readonly schemaCleaning: "pass" | "gemini" | "kimi" | "openai" | "llamacpp";
  /** Stub tools are added when the history has calls and the request has no tools. */
  readonly needsToolsForHistory: boolean;
  /**
   * `openrouter`: its server tools, which also fetch pages. `options`: `web_search_options`, for models that always
   * search. `hosted`: the `web_search` tool of the Responses API.
   */
  readonly webSearch: "openrouter" | "options" | "hosted" | "none";
}

export interface MessageTraits {
  /** What becomes of a system message inside the conversation. */
  readonly systemInConversation: "keep" | "fold";
  /** "(continue)" by the user goes before a conversation that starts with the assistant. */
  readonly needsUserFirst: boolean;
  readonly images: "url" | "base64" | "base64-jpeg-png-webp" | "none";
  /** `url`: only at an address of its own. */
  readonly pdf: "file" | "file-or-url" | "url" | "document_url" | "none";
}

/** Whose opaque reasoning this is; an envelope is opened only for the same family (rule 6.1). */
export type EnvelopeFamily =
  | "or-anthropic"
  | "or-openai"
  | "or-google"
  | "or-xai"
  | "or-other"
  | "gemini"
  | "minimax"
  | "rs-openai"
  | "rs-azure"
  | "rs-xai"
  | "rs-other"
  | "text";

export interface ReasoningTraits {
  readonly envelopeFamily: EnvelopeFamily;
  /** A reasoning text that starts with all text so far is a snapshot of it: only the rest is new (minimax). 3.3 */
  readonly sendsSnapshots: boolean;
  /** A reasoning text equal to the one before is a repetition (xai). 3.3 */
  readonly repeatsTexts: boolean;
}

export interface AnswerTraits {
  /** Its answers say what they cost, in dollars. */
  readonly tellsCost: boolean;
  /** It runs models itself and is no gateway: on a machine of the user's own its answers cost nothing. */
  readonly runsModels: boolean;
  /** Leading `<think>` and the like are reasoning; `gemini` also knows `<thought>`. */
  readonly thinkTags: "auto" | "gemini" | "off";
  /**
   * A tag that closes reasoning which no tag opened ends it all the same (3.3): chat templates end prompts with the tag
   * that opens it. False where the server parses reasoning itself and leaves no tag of its own.
   */
  readonly loneThinkTag: boolean;
  /**
   * The tag with which the model's own chat template ends every prompt, where the server may leave its closing one in the
   * text: a stream is taken for reasoning up to that from the first one on. Null where it has to be learned.
   */
  readonly promptThinkTag: string | null;
  /** Tool arguments are held until the call is complete, then repaired (3.5). */
  readonly buffersToolArguments: boolean;
  /** Tool calls written into the text are taken for calls wherever they begin, and in a fence of JSON, too (3.3). */
  readonly rescuesTextToolCalls: boolean;
  /** An empty answer may mean that the prompt was too long (lmstudio, 4.8). */
  readonly emptyAnswerMayBeOverflow: boolean;
  /** The command that gets a model onto the server; the error for a missing model names it. */
  readonly pullCommand: string | null;
}
