import { expect, test } from "bun:test";
import type { ProfileId } from "../../../../src/profiles/profile-ids.ts";
import { selectProfile } from "../../../../src/profiles/select-profile.ts";
import {
  isThinkingOff,
  switchThinkingOff,
  type ThinkingForm,
} from "../../../../src/protocols/chat/repair/switch-thinking-off.ts";
import { mapThinking } from "../../../../src/protocols/chat/request/map-thinking.ts";
import type { ThinkingWish } from "../../../../src/translate/conversation/thinking-wish.ts";
import { createRequestNotes } from "../../../../src/translate/request-notes.ts";

/** Of each form an upstream, and a model of it whose thinking can be switched off. */
const modelOf: Readonly<Record<ThinkingForm, readonly [ProfileId, string]>> = {
  openrouter: ["openrouter", "z-ai/glm-4.6"],
  effort: ["openai", "gpt-5.2"],
  thinking: ["glm", "glm-4.6"],
  qwen: ["qwen", "qwen3.6-plus"],
  minimax: ["minimax", "MiniMax-M3"],
};

const situation = {
  hasTools: false,
  isForced: false,
  isStreamed: true,
  isPrefilled: false,
  outputLimit: 9000,
};

test.each(Object.entries(modelOf))(
  "[1.2:off] thinking switched off by a repair is what a request without thinking says, as %s",
  (name, [setting, model]) => {
    const profile = selectProfile({ setting, baseUrl: "https://upstream.test/v1", model });
    const { form, extra } = profile.chat.reasoning;
    if (form === "none" || form !== name) throw new Error(`${model} does not take the form ${name}`);
    const build = (state: ThinkingWish["state"]) => {
      const wish: ThinkingWish = { state, effort: state === "on" ? "high" : null, budgetTokens: null };
      return {
        model,
        messages: [],
        ...mapThinking(wish, situation, profile.chat, createRequestNotes()).fields,
      };
    };
    const [on, off] = [build("on"), build("off")];
    expect([isThinkingOff(on, form), isThinkingOff(off, form)]).toEqual([false, true]);
    // What stands beside `enable_thinking` says how to think, not whether.
    expect(switchThinkingOff(on, form)).toEqual({ ...off, ...(form === "qwen" && extra) });
    expect(switchThinkingOff(off, form)).toBe(off);
  },
);
