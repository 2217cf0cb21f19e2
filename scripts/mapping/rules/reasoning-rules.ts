import { createSection } from "../rule.ts";

/** Reasoning that has to go back to the upstream that made it. */
export const reasoningRules = [
  createSection(
    "6.1",
    "The envelope",
    "The reasoning of an upstream travels to the client and back inside the `signature` of a thinking block.",
    [
      [
        "form",
        "MUST",
        "`ccp1.` and deflated JSON: family, model, what must go back, and a hash of the visible text. Text that is visible is not there twice.",
      ],
      [
        "limits",
        "MUST",
        "One of another form, too large or too deep counts as none, and never fails a request.",
      ],
      [
        "carrier",
        "MUST",
        "Without visible reasoning a redacted block carries it, before what it belongs to.",
      ],
    ],
  ),
  createSection("6.2", "What goes back", "", [
    [
      "openrouter",
      "MUST",
      "`reasoning_details` in their order, each item once; unsigned text of Anthropic and Google is left out; `[]` stays `[]`.",
    ],
    [
      "deepseek",
      "MUST",
      "`reasoning_content` on every message of the assistant, one space where none is known.",
    ],
    [
      "content",
      "MUST",
      "Kimi, GLM, Qwen and servers of such models: `reasoning_content` on messages with calls, and where it is known.",
    ],
    [
      "llamacpp",
      "MUST",
      "llama.cpp gets all that is known, whatever the model: its templates print what they want, and refuse none.",
    ],
    ["minimax", "MUST", "`reasoning_details` as they came."],
    ["default", "MUST", "Also when the client did not ask, if the history holds reasoning of this upstream."],
    [
      "gemini",
      "MUST",
      "`thought_signature` on the call that had it; calls from elsewhere get the documented placeholder.",
    ],
    ["gemini-text", "MAY", "A signature that came on text goes back on the message."],
    ["mistral", "MUST", "Nothing goes back to Mistral: an unknown field is refused."],
    ["mistral-part", "MAY", "Mistral gets no thinking parts.", "they are optional and only cost tokens"],
    ["ollama", "SHOULD", "`reasoning` in the running tool loop."],
    [
      "copilot",
      "MUST",
      "A server without a family: `reasoning_opaque` as it came (GitHub Copilot), with `reasoning_text`, whether thinking is on or not.",
    ],
    ["nothing", "MUST", "Nothing else to such servers, and nothing to OpenAI, Groq, xAI and LM Studio."],
  ]),
  createSection("6.3", "Reasoning of another", "", [
    ["own", "MUST", "Of the same family and vendor: all of it."],
    ["edited", "MUST", "Text that was edited: the opaque part goes."],
    [
      "claude",
      "MUST",
      "Claude's own thinking goes back to Anthropic's models; elsewhere its text, where upstreams take text.",
    ],
    ["unsigned", "MUST", "Without a signature: the text, where upstreams take text."],
    ["redacted", "MUST", "Claude's redacted thinking goes back to Anthropic's models only."],
    ["other", "MUST", "Of another family: the opaque part goes; text stays where upstreams take text."],
  ]),
  createSection("6.4", "Reasoning that is refused", "", [
    ["", "MUST", "Asked once more without opaque reasoning, and so for ten minutes of that conversation."],
    ["stand-in", "MUST", "DeepSeek's stand-in becomes an empty text when a space is refused."],
  ]),
];
