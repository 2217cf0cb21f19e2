import type { ClientHints } from "./client-hints.ts";
import type { ConversationRequest, MessagesRequest } from "./messages-request.ts";

/** The purpose of a request outside the conversation, if it is known: Claude Code's check of an action in auto mode. */
export type RequestKind = "auto-mode-check";

/** The beginning of the check's system text, in Claude Code 2.1.330 and 2.1.332. */
const checkBeginning = "You are a security monitor";

/** Determines the kind of a request; null for the conversation itself, and for everything else. */
export function findRequestKind({
  stream,
  tools,
  system,
}: Pick<MessagesRequest, "stream" | "tools" | "system">): RequestKind | null {
  // This alone decides for most requests.
  if (stream === true || tools != null) return null;
  return hasSystemText(system, checkBeginning) ? "auto-mode-check" : null;
}

/** What a messages request is for; `main` is the conversation, and everything that is not recognised. */
export type RequestPurpose =
  | "main"
  | "subagent"
  | "compaction"
  | "title"
  | "suggestion"
  | "hook"
  | "web_search"
  | "web_fetch"
  | "classifier";

/** A messages request, or one for a count, which has no `stream`. */
export type PurposefulRequest = ConversationRequest & Pick<Partial<MessagesRequest>, "stream">;

/**
 * Determines what a request is for: by the client's hints where they say it, else by the texts that Claude Code writes, each
 * in its own place only. The texts are those of 2.1.330 and 2.1.332, and of 1.0.56 where they differ.
 */
export function findPurpose(request: PurposefulRequest, hints: ClientHints): RequestPurpose {
  switch (hints.requestClass) {
    case "main":
    case "compaction":
      return hints.requestClass;
    case "subagent":
    case "workflow":
      return "subagent";
    case "auxiliary":
      return findAuxiliaryPurpose(request, hints.firstPartyClass) ?? "main";
    default:
      return recognisePurpose(request) ?? (isFromAgent(request, hints) ? "subagent" : "main");
  }
}

/** The beginning of a text of the user's last message with which Claude Code asks what a user has typed behind `/btw`. */
const asideBeginning = "<system-reminder>This is a side question";

/**
 * Whether a request that has no other purpose is asked beside the conversation: its next turn does not go on from it. For
 * the choice of a target it is the conversation all the same, whose model and cache it needs.
 */
export function isAside({ messages }: Pick<PurposefulRequest, "messages">, hints: ClientHints): boolean {
  const { requestClass } = hints;
  if (requestClass !== null) return requestClass === "auxiliary" || requestClass === "side_reply";
  const content = messages.findLast(({ role }) => role === "user")?.content ?? "";
  if (typeof content === "string") return content.startsWith(asideBeginning);
  return content.some((block) => block.type === "text" && block.text.startsWith(asideBeginning));
}

/** Whether a sub-agent asks, whatever for. */
export function isFromAgent({ system }: Pick<PurposefulRequest, "system">, hints: ClientHints): boolean {
  const { requestClass, agentId } = hints;
  if (agentId !== null || requestClass === "subagent" || requestClass === "workflow") return true;
  return billingLine(system).includes("cc_is_subagent=true");
}

/** The titles of sessions are the first of the client's summaries; the others are as short and as unimportant. */
function findAuxiliaryPurpose(
  request: PurposefulRequest,
  firstPartyClass: string | null,
): RequestPurpose | null {
  if (firstPartyClass === "summary-extraction") return "title";
  if (firstPartyClass === "followup-generation") return "suggestion";
  return recognisePurpose(request);
}

/** Beginnings of the system prompt of a request without tools. */
const systemBeginnings: readonly (readonly [string, RequestPurpose])[] = [
  ["You are naming a coding session", "title"],
  // 1.0.56 and 2.0.77
  ["Analyze if this message indicates a new conversation topic", "title"],
  ["Summarize this coding conversation in under 50 characters", "title"],
  ["You are evaluating a stop-condition hook", "hook"],
];

/** The system prompt of a compaction in 1.0.56, which has a tool; newer clients keep the session's. */
const compactionSystem = "You are a helpful AI assistant tasked with summarizing conversations.";

/** Beginnings of the last user text. What a user says begins so only if he means to pass for the client. */
const compactionBeginning = "CRITICAL: Respond with TEXT ONLY";
const suggestionBeginning = "[SUGGESTION MODE:";
const digestBeginning = "Web page content:";

function recognisePurpose(request: PurposefulRequest): RequestPurpose | null {
  const { system, tools } = request;
  if (findRequestKind(request) !== null) return "classifier";
  if (tools?.[0]?.type?.startsWith("web_search_") === true) return "web_search";
  const said = beginningOfLastUserText(request);
  if (said.startsWith(compactionBeginning)) return "compaction";
  if (said.startsWith(suggestionBeginning)) return "suggestion";
  if (hasSystemText(system, compactionSystem)) return "compaction";
  if (tools != null && tools.length > 0) return null;
  if (said.startsWith(digestBeginning)) return "web_fetch";
  return systemBeginnings.find(([beginning]) => hasSystemText(system, beginning))?.[1] ?? null;
}

/** Longer than each of the beginnings and the white space before it. */
const beginningLength = 64;

const reminderMark = "<system-reminder>";

/** The beginning of the user's last text; "" if his last message has none. What the client adds to it is not his. */
function beginningOfLastUserText({ messages }: Pick<PurposefulRequest, "messages">): string {
  const content = messages.findLast(({ role }) => role === "user")?.content ?? "";
  if (typeof content === "string") return beginningOf(content);
  const last = content.findLast((block) => block.type === "text" && !block.text.startsWith(reminderMark));
  return last?.type === "text" ? beginningOf(last.text) : "";
}

function beginningOf(text: string): string {
  return text.slice(0, beginningLength).trimStart();
}

/** Whether the system prompt, or a block of it, begins so. */
function hasSystemText(system: PurposefulRequest["system"], beginning: string): boolean {
  if (typeof system === "string") return system.startsWith(beginning);
  return system?.some((block) => block.type === "text" && block.text.startsWith(beginning)) === true;
}

const billingBeginning = "x-anthropic-billing-header:";

/** The line with which newer clients begin their system prompt; "" if there is none. */
function billingLine(system: PurposefulRequest["system"]): string {
  const [first] = typeof system === "string" ? [{ type: "text" as const, text: system }] : (system ?? []);
  if (first?.type !== "text" || !first.text.startsWith(billingBeginning)) return "";
  const end = first.text.indexOf("\n");
  return end === -1 ? first.text : first.text.slice(0, end);
}
