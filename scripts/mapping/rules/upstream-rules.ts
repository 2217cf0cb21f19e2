import { createSection } from "../rule.ts";

/** How families of upstreams differ, and what is learned of one while it is used. */
export const upstreamRules = [
  createSection(
    "0.13",
    "Families of upstreams",
    "A profile is what one family of upstreams does differently. It is data; nothing else in the program looks at a host name.",
    [
      [
        "host",
        "MUST",
        "The family is picked by the host of `BASE_URL`: whole labels only, so that a look-alike is generic.",
      ],
      [
        "prefix",
        "MUST",
        "Behind OpenRouter the vendor's prefix of the model id (`anthropic/`, `mistralai/` …) adds the vendor's own rules.",
      ],
      [
        "setting",
        "MUST",
        "`UPSTREAM_PROFILE` outweighs the host. `sglang` means `vllm`; the default is `auto`.",
      ],
      [
        "answers",
        "SHOULD",
        "A server of which neither the settings nor the host tell is known from the second request on: by the head of its answer (`server: llama.cpp`), and on the user's own network by `owned_by` of the models that it lists. It is asked for those once, behind its first answer.",
      ],
      ["generic", "MUST", "A server of which nothing is known gets plain Chat Completions."],
      [
        "models",
        "MUST",
        "Models with ways of their own (output ceiling, images, sampling) are known by their ids.",
      ],
      [
        "output-field",
        "MUST",
        "The output limit is sent as `max_tokens` or as `max_completion_tokens`, as the family wants it.",
      ],
      [
        "usage-option",
        "MUST",
        "`stream_options.include_usage` is sent with streams, but not to Mistral, which refuses it and tells usage unasked.",
      ],
      [
        "tool-stream",
        "MUST",
        "GLM 4.6 and later: a stream with tools sends `tool_stream: true`, or every call would come in one piece.",
      ],
      ["own-headers", "MUST", "Only the proxy's own headers go to the upstream."],
    ],
  ),
  createSection(
    "R0",
    "What is learned of an upstream",
    "An upstream that refuses a field is asked once more without it, before the client has heard anything. A field that it does not take is remembered for that model, and doubted once an hour; a value, or a field beside another one, concerns that request only.",
    [
      [
        "unsupported",
        "MUST",
        "A 400, 404, 422, 500 or 501 that names a field it does not take is answered by one request without that field.",
      ],
      [
        "words",
        "MUST",
        "What names no field is known by its words, under each of these statuses: a model that cannot think, or not at that level; images without an mmproj or at a text model; a chat template that takes no user behind a tool, no long ids, no two calls at once, no system prompt. Each is asked once more without it, and remembered for that model.",
      ],
      [
        "schemas",
        "MUST",
        "A refused schema is made plainer: what grammars cannot bear, what OpenAI does not take, what templates want a type of. Of a strict one only `strict` goes, for that tool or that output alone.",
      ],
      [
        "renamed",
        "MUST",
        "`max_tokens` and `max_completion_tokens` are exchanged when one of them is refused.",
      ],
      [
        "names",
        "MUST",
        "Field names match without regard to case and underscores, in texts and in `loc` and `param`.",
      ],
      [
        "ceiling",
        "MUST",
        "A text that names the largest output allowed is answered by one request with that number, which is remembered.",
      ],
      [
        "remembered",
        "MUST",
        "What helped is remembered per upstream and model when it was about a field, and never when the model took it before; what did not help is not. Every record names what was changed.",
      ],
      [
        "wanted",
        "MUST",
        "A field that the upstream misses is never dropped, nor an output limit whose value is at fault; another field with such a value is left out of that request only.",
      ],
    ],
  ),
  createSection("R0.1", "Reasoning beside tools at OpenAI", "", [
    [
      "known",
      "MUST",
      'OpenAI models from gpt-5.4 on, asked with tools, start with `reasoning_effort: "none"`, with one note: Chat Completions refuses anything else.',
    ],
    [
      "learned",
      "MUST",
      'Any model that refuses effort beside tools is asked again with `"none"`, and the pair is remembered.',
    ],
  ]),
];
