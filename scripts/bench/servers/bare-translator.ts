// The least that a translating handler on Bun can cost: `bun bare-translator.ts PORT UPSTREAM_URL`. No check, no
// log, no error is treated; text, tools and tool results are all it knows. Only whole answers.
interface Block {
  type: string;
  id?: string;
  name?: string;
  input?: unknown;
  text?: string;
  tool_use_id?: string;
  content?: string;
}

interface Body {
  model: string;
  max_tokens: number;
  system?: string;
  tools?: { name: string; description: string; input_schema: unknown }[];
  messages: { role: string; content: string | Block[] }[];
}

interface Completion {
  choices: { message: { content: string } }[];
  usage: { prompt_tokens: number; completion_tokens: number };
}

const [port, upstreamUrl] = process.argv.slice(2);

function convertMessage({ role, content }: Body["messages"][number]): object[] {
  if (typeof content === "string") return [{ role, content }];
  return content.map((block) => {
    if (block.type === "tool_result") {
      return { role: "tool", tool_call_id: block.tool_use_id, content: block.content };
    }
    if (block.type === "text") return { role, content: block.text };
    const call = { name: block.name, arguments: JSON.stringify(block.input) };
    return { role, content: null, tool_calls: [{ id: block.id, type: "function", function: call }] };
  });
}

function convert(body: Body): string {
  return JSON.stringify({
    model: "bench",
    max_tokens: body.max_tokens,
    messages: [{ role: "system", content: body.system }, ...body.messages.flatMap(convertMessage)],
    tools: body.tools?.map(({ name, description, input_schema: parameters }) => ({
      type: "function",
      function: { name, description, parameters },
    })),
  });
}

Bun.serve({
  hostname: "127.0.0.1",
  port: Number(port),
  async fetch(request) {
    const body: Body = JSON.parse(await request.text());
    const answer = await fetch(`${upstreamUrl}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: convert(body),
    });
    const { choices, usage }: Completion = JSON.parse(await answer.text());
    return Response.json({
      id: "msg_bench",
      type: "message",
      role: "assistant",
      model: body.model,
      content: [{ type: "text", text: choices[0]?.message.content }],
      stop_reason: "end_turn",
      stop_sequence: null,
      usage: { input_tokens: usage.prompt_tokens, output_tokens: usage.completion_tokens },
    });
  },
});

export {};
