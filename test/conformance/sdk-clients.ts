import Anthropic from "@anthropic-ai/sdk";

/** Tools that the conformance cases offer. */
const tools: Anthropic.Tool[] = ["Read", "Bash"].map((name) => ({
  name,
  description: `${name} something`,
  input_schema: { type: "object", properties: { value: { type: "string" } }, required: ["value"] },
}));

/** The request of every conformance case. */
export const sdkRequest = {
  model: "claude-sonnet-5-5",
  max_tokens: 4096,
  thinking: { type: "enabled", budget_tokens: 2048 },
  tools,
  messages: [{ role: "user", content: "hi" }],
} satisfies Anthropic.MessageCreateParamsNonStreaming;

/** The ways in which the official SDK gets a message: two that fold a stream, and one that reads it whole. */
const sdkWays = {
  "messages.stream": (client: Anthropic) => client.messages.stream(sdkRequest).finalMessage(),
  "beta.messages.stream": (client: Anthropic) => client.beta.messages.stream(sdkRequest).finalMessage(),
  "messages.create": (client: Anthropic) => client.messages.create(sdkRequest),
} as const;

export type SdkWay = keyof typeof sdkWays;

export const ways = Object.keys(sdkWays).filter((way): way is SdkWay => way in sdkWays);

/** A client of the proxy at `baseURL`. */
export function createSdkClient(baseURL: string, maxRetries = 0): Anthropic {
  return new Anthropic({ baseURL, apiKey: "sk-client", maxRetries });
}

/** What the SDK holds, as plain JSON: it keeps some members as getters. */
export async function readMessage(way: SdkWay, client: Anthropic): Promise<unknown> {
  return JSON.parse(JSON.stringify(await sdkWays[way](client)));
}

/** What the SDK throws. */
export async function catchSdkError(
  way: SdkWay,
  client: Anthropic,
): Promise<InstanceType<typeof Anthropic.APIError>> {
  try {
    await sdkWays[way](client);
  } catch (error) {
    if (error instanceof Anthropic.APIError) return error;
    throw error;
  }
  throw new Error("the request did not fail");
}
