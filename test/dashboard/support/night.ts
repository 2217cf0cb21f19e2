import { type Answer, type AnswerToolCall, chunksOf } from "../../support/chunks.ts";
import { type Reply, sse, status } from "../../support/reply.ts";
import { type ProgramOptions, type RunningProgram, startProgram } from "../../support/start-program.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

/** A session of Claude Code in front of the real program, which records it and has two upstreams. */
export interface Night {
  program: RunningProgram;
  zai: Upstream;
  deepseek: Upstream;
  /** The client's key; null if it has none. */
  key: string | null;
  /** The tools that the client offers from now on. */
  tools: readonly object[];
  /** The next turn: what the user says, or what a tool has answered, and what the model says to that. Gives its id. */
  turn(heard: string, said: Answer): Promise<string>;
  /** A turn that fails with what was queued as replies; it is no part of the conversation. Gives its id. */
  turnThatFails(heard: string): Promise<string>;
  /** Queues what the first upstream answers next. */
  reply(reply: Reply): void;
  /** Sends the request of the next turn, whose answer the caller reads. */
  ask(heard: string): Promise<Response>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface NightOptions extends Pick<ProgramOptions, "home"> {
  sessionId?: string;
  settings?: Readonly<Record<string, string>>;
  /** How long the upstream thinks, and then waits behind each piece of its answer. Default: 0. */
  pace?: { readonly headDelayMs: number; readonly paceMs: number };
  /** What the system prompt says. */
  rules?: string;
  /** Lines of the configuration file, besides the upstreams and the routes. */
  file?: string;
}

const usualSession = "7d3f0c52-1b84-4a7e-9c7b-3f2a6d9e4b10";

const tool = (name: string, description: string, ...members: readonly string[]) => ({
  name,
  description,
  input_schema: {
    type: "object",
    properties: Object.fromEntries(members.map((member) => [member, { type: "string" }])),
    required: [...members],
  },
});

/** What Claude Code offers, much shortened. */
const usualTools = [
  tool("Bash", "Runs a command in the shell of the user.", "command"),
  tool("Read", "Reads a file of the project.", "file_path"),
  tool("Edit", "Replaces a text in a file.", "file_path", "old_string", "new_string"),
];

/** The same with another description in the middle, as a server of tools may answer after its restart. */
export const changedTools = usualTools.map((each, index) =>
  index === 1 ? { ...each, description: "Reads a file of the project, or a part of it." } : each,
);

/** Starts two upstreams and the program with both in its configuration file. */
export async function startNight(options: NightOptions = {}): Promise<Night> {
  const { sessionId = usualSession, settings = {}, file = "", home, pace = {}, rules = usualRules } = options;
  const [zai, deepseek] = [await startUpstream(), await startUpstream()];
  const program = await startProgram(
    zai.baseUrl,
    { RECORD_BODIES: "all", ...settings },
    {
      file: fileOf(zai, deepseek) + file,
      ...(home === undefined ? {} : { home }),
    },
  );
  const replies: Reply[] = [];
  zai.respondWith(({ method }) => (method === "POST" ? replies.shift() : undefined) ?? nothingScripted);
  deepseek.respondWith(() => overloaded);
  const messages: object[] = [];
  let lastCall: AnswerToolCall | undefined;
  const night: Night = {
    program,
    zai,
    deepseek,
    key: null,
    tools: usualTools,
    ask(heard) {
      const content =
        lastCall === undefined ? heard : [{ type: "tool_result", tool_use_id: lastCall.id, content: heard }];
      messages.push({ role: "user", content });
      return fetch(`${program.url}/v1/messages`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "anthropic-version": "2023-06-01",
          "x-claude-code-session-id": sessionId,
          ...(night.key === null ? {} : { "x-api-key": night.key }),
        },
        body: JSON.stringify({
          model: "claude-opus-5",
          max_tokens: 32_000,
          stream: true,
          system: [
            { type: "text", text: `You are Claude Code.\n${rules}`, cache_control: { type: "ephemeral" } },
          ],
          tools: night.tools,
          messages,
        }),
      });
    },
    reply: (reply) => void replies.push(reply),
    async turnThatFails(heard) {
      const answer = await night.ask(heard);
      await answer.text();
      messages.pop();
      return answer.headers.get("request-id") ?? "";
    },
    async turn(heard, said) {
      replies.push(sse(chunksOf(said), pace));
      const answer = await night.ask(heard);
      await answer.text();
      lastCall = said.toolCalls?.[0];
      messages.push({ role: "assistant", content: contentOf(said) });
      return answer.headers.get("request-id") ?? "";
    },
    [Symbol.asyncDispose]: async () => {
      await program[Symbol.asyncDispose]();
      await Promise.all([zai.stop(), deepseek.stop()]);
    },
  };
  return night;
}

const usualRules = "Follow the rules of the project. ".repeat(40);

/** Also what is answered to a question for the list of models. */
const nothingScripted = status(404, { error: { message: "The test scripted no answer for this request." } });

/** The usage of an answer as upstreams count it. */
export function usageOf(prompt: number, cached: number, output: number): object {
  return {
    prompt_tokens: prompt,
    completion_tokens: output,
    total_tokens: prompt + output,
    prompt_tokens_details: { cached_tokens: cached },
  };
}

/** What a server says that is overloaded. */
export const overloaded: Reply = status(503, {
  error: { message: "The model is overloaded, try again later.", type: "overloaded" },
});

/** What a server says that does not know a field. */
export function refusedField(name: string): Reply {
  return status(400, { error: { message: `Unknown parameter: '${name}'.`, type: "invalid_request_error" } });
}

function contentOf({ text, toolCalls = [] }: Answer): object[] {
  return [
    ...(text === undefined ? [] : [{ type: "text", text }]),
    ...toolCalls.map(({ id, name, arguments: input }) => ({ type: "tool_use", id, name, input })),
  ];
}

function fileOf(zai: Upstream, deepseek: Upstream): string {
  return `
upstreams:
  zai: { url: "${zai.baseUrl}", key: sk-zai-upstream-key, profile: generic, protocol: chat }
  deepseek: { url: "${deepseek.baseUrl}", key: sk-deepseek-upstream-key, profile: generic, protocol: chat }
routes:
  default: [zai/glm-5.3, deepseek/deepseek-v4-pro]
models:
  zai/glm-5.3: { window: 200000, price: { input: 0.6, output: 2.2, cache_read: 0.11 } }
  deepseek/deepseek-v4-pro: { window: 131072 }
`;
}
