import { escapeControlCharacters } from "../../logging/escape-control-characters.ts";
import { foldText } from "../../logging/fold-text.ts";
import type { ProfileId } from "../../profiles/profile-ids.ts";
import type { ProtocolId } from "../../profiles/protocol-id.ts";
import { CommandError } from "../command-error.ts";
import { decodeText } from "../count/decode-text.ts";
import { readInput } from "../read-input.ts";
import { parseMessagesRequest } from "../route/parse-messages-request.ts";
import type { Terminal } from "../terminal.ts";
import { classifyInput, type TranslationInput } from "./classify-input.ts";
import { selectWire } from "./select-wire.ts";
import { translateAnswer } from "./translate-answer.ts";
import { translateRequest } from "./translate-request.ts";

export interface TranslateFlags {
  readonly profile: ProfileId;
  readonly protocol?: ProtocolId;
  readonly model?: string;
  readonly request?: string;
  readonly as?: "events" | "message";
}

const nothingToTranslate =
  "Nothing to translate. Name a file with a messages request or with an upstream's answer (claude-proxy translate FILE), " +
  "or pipe one into the command.";

/**
 * Translates what a file says, and writes the result to standard output.
 * @throws CommandError if it cannot be read or the proxy refuses it, and for an answer that is a failure
 */
export async function runTranslate(file: string, flags: TranslateFlags, terminal: Terminal): Promise<void> {
  const text = decodeText(await readInput(file, nothingToTranslate));
  const input = classifyInput(text);
  if (input === null) {
    throw new CommandError(
      "This is neither a messages request nor an upstream's answer, whole or streamed.",
      2,
    );
  }
  if (input.kind === "request") await writeRequest(text, flags, terminal);
  else await writeAnswer(text, input, flags, terminal);
}

async function writeRequest(text: string, flags: TranslateFlags, terminal: Terminal): Promise<void> {
  if (flags.request !== undefined || flags.as !== undefined) {
    throw new CommandError(
      "--request and --as are for a recorded answer, and this is a messages request.",
      2,
    );
  }
  const given = parseMessagesRequest(text, undefined);
  const wire = selectWire(flags.profile, flags.protocol ?? null, flags.model ?? given.request.model);
  const { body, path, dropped, mended } = await translateRequest(given, wire);
  terminal.stdout(`${body}\n`);
  const say = createNotes(terminal);
  const { protocol, id } = wire.profile;
  say(`${protocol} request, profile ${id}, to POST ${path}`);
  if (protocol === "anthropic")
    say("Passed on as it is, but for the name of the model and what stands below.");
  if (dropped.length > 0) say(`Left out: ${dropped.join(", ")}`);
  if (mended.length > 0) say(`Mended: ${mended.join("; ")}`);
}

async function writeAnswer(
  text: string,
  input: TranslationInput & { kind: "stream" | "whole" },
  flags: TranslateFlags,
  terminal: Terminal,
): Promise<void> {
  const say = createNotes(terminal);
  const wanted = flags.as ?? (input.kind === "stream" ? "events" : "message");
  const wire = selectWire(
    flags.profile,
    flags.protocol ?? input.protocol,
    flags.model ?? input.model ?? "model",
  );
  const { protocol, id } = wire.profile;
  if (protocol === "anthropic") {
    terminal.stdout(text);
    say("anthropic answer: it is passed on as it is");
    return;
  }
  const requestText =
    flags.request === undefined ? null : decodeText(await readInput(flags.request, nothingToTranslate));
  const isStreamed = wanted === "events";
  const answer = await translateAnswer(input.bytes, { requestText, wire, isStreamed });
  terminal.stdout(answer.output);
  say(`${protocol} answer of ${wire.model}, profile ${id}`);
  for (const warning of answer.repaired) say(`Repaired: ${warning}`);
  if (!answer.hasUsage && !answer.isFailed) {
    say("It does not say how many tokens it took. A proxy counts them; here they are 0.");
  }
  if (answer.isFailed) throw new CommandError("The answer is a failure, and so is what the client gets.", 1);
}

/** Writes lines about the result beside it. */
function createNotes(terminal: Terminal): (line: string) => void {
  return (line) => terminal.stderr(`${foldText(escapeControlCharacters(line), terminal.columns, "  ")}\n`);
}
