import type { Check, Heard } from "../check.ts";
import { askText, fail, judgeError, notOffered, pass } from "../judge.ts";
import { continueWith, reasoningTool } from "./tool-checks.ts";

export const reasoningCheck: Check = {
  id: "reasoning",
  name: "reasoning",
  needs: ["tool"],
  isEssential: false,
  requests: 2,
  meaning: "Claude Code shows no thinking; a model that thinks unseen begins anew after each call.",
  async run(ask) {
    const heard = await ask(
      askText("Which is larger, 9.9 or 9.11? Think about it, then call get_weather for Lisbon.", {
        tools: [reasoningTool],
        max_tokens: 3000,
        thinking: { type: "enabled", budget_tokens: 1024 },
      }),
    );
    const fault = judgeError(heard);
    if (fault !== null) return fault;
    const thoughts = heard.blocks.filter(({ type }) => type === "thinking" || type === "redacted_thinking");
    if (thoughts.length === 0) return notOffered("no reasoning came");
    const [call] = heard.calls;
    if (call === undefined) return pass("it came; there was no call after which it could go back");
    const next = await ask(continueWith(heard, call, "22 degrees."));
    const refusal = judgeError(next);
    if (refusal !== null) return fail(`it came, but the request with it fails: ${refusal.found}`);
    return pass(goesBack(heard, next) ? "it came and went back" : "it came; this upstream is sent none back");
  },
};

/** Whether the second request has what the first answer said of its reasoning, in the upstream's own form. */
function goesBack({ blocks, received }: Heard, { sent }: Heard): boolean {
  const opaque = [...received.matchAll(/"(?:encrypted_content|signature|data)": ?"([^"]{16,})"/g)];
  const texts = blocks.flatMap(({ thinking }) =>
    typeof thinking === "string" && thinking.length > 8 ? [JSON.stringify(thinking).slice(1, 60)] : [],
  );
  return [...opaque.map(([, text = ""]) => text), ...texts].some(
    (text) => text !== "" && sent.includes(text),
  );
}
