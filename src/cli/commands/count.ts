import type { Command } from "commander";
import { createHelpText } from "../help-texts.ts";
import type { Terminal } from "../terminal.ts";

interface CountFlags {
  by?: true;
  json?: true;
  model?: string;
}

const nothingToCount =
  "Nothing to count. Name a file (claude-proxy count FILE) or pipe a text into the command.";

/** Adds `claude-proxy count`, which needs no settings and no network. */
export function addCountCommand(program: Command, terminal: Terminal): void {
  program
    .command("count")
    .description(
      "Count the tokens of a messages request, a chat request, a responses request or a plain text",
    )
    .addHelpText("before", "Example: claude-proxy count --by request.json\n")
    .argument("[file]", "what to count; - or nothing means standard input", "-")
    .option("--by", "Show where the tokens are: system, each tool, each message, images")
    .option("--json", "Print JSON")
    .option("--model <id>", "Count for this model of the upstream instead of the one in the request")
    .addHelpText("after", createHelpText(terminal, composeNotes))
    .action(async (file: string, flags: CountFlags) => {
      await count(file, flags, terminal);
    });
}

function composeNotes(): string {
  return (
    "A messages request is translated first, as for OpenRouter, and counted as it would be sent. Models count " +
    "differently: the number of o200k_base tokens is multiplied by a factor for the model's family. A running proxy learns " +
    "the exact factor from what it is charged."
  );
}

async function count(file: string, { by, json, model }: CountFlags, terminal: Terminal): Promise<void> {
  const { readInput } = await import("../read-input.ts");
  const { decodeText } = await import("../count/decode-text.ts");
  const { parseCounted } = await import("../count/parse-counted.ts");
  const { formatCount } = await import("../count/format-count.ts");
  const { createPartCounter } = await import("../../tokens/part-counter.ts");
  const { createTokenizer } = await import("../../tokens/tokenizer.ts");
  const { applyFactor, startFactor } = await import("../../tokens/start-factor.ts");

  const counted = parseCounted(decodeText(await readInput(file, nothingToCount)), model);
  if (counted.remark !== null) terminal.stderr(`${counted.remark}\n`);
  const counter = createPartCounter({
    tokenizer: createTokenizer(),
    warn: (message, cause) => terminal.stderr(`${message} ${String(cause)}\n`),
  });
  const { counts } = await counter.countParts(counted.parts);
  counter.close();

  const rawTokens = counts.reduce((sum, tokens) => sum + tokens, 0);
  const factor = counted.model === null ? 1 : startFactor(counted.model);
  const { kind } = counted;
  const total = { kind, model: counted.model, tokens: applyFactor(rawTokens, factor), rawTokens, factor };
  const parts = counted.parts.map(({ section, label }, index) => ({
    section,
    label,
    rawTokens: counts[index] ?? 0,
  }));
  terminal.stdout(
    json === true
      ? `${JSON.stringify(by === true ? { ...total, parts } : total, null, 2)}\n`
      : formatCount(total, by === true ? parts : []),
  );
}
