import { ApiError } from "../../anthropic/api-error.ts";
import type { ConversationRequest } from "../../anthropic/messages-request.ts";

const maxMessages = 100_000;

/** Throws ApiError for fields that change the meaning of the answer and that we cannot support (rule 1.1). */
export function rejectUnsupported(request: ConversationRequest): void {
  if (isGiven(request["compaction"])) reject("compaction is not supported by this proxy");
  if (isGiven(request["thread"])) reject("threads are not supported");
  if ((request.mcp_servers ?? []).length > 0)
    reject("mcp_servers: MCP servers are not supported by this proxy");
  if (request.messages.length > maxMessages) reject(`messages: at most ${maxMessages} messages are allowed`);
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function reject(message: string): never {
  throw new ApiError("invalid_request_error", message);
}
