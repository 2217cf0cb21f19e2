import { createSection } from "../rule.ts";

/** What the client is told when something fails. */
export const errorRules = [
  createSection("5.1", "The form", "", [
    [
      "form",
      "MUST",
      '`{type: "error", error: {type, message}, request_id}`, as JSON, with the same id in the header.',
    ],
    ["text", "MUST", "The upstream's own words, wherever its error body has them."],
    ["keys", "MUST", "Keys are masked."],
  ]),
  createSection("5.2", "Statuses", "", [
    ["400", "MUST", "400 `invalid_request_error`, never for a passing fault."],
    ["401", "MUST", "401 is a 424 `authentication_error` with the hint that it is the upstream's key (5.5)."],
    [
      "402",
      "MUST",
      "No credit, from any status, is 402 `billing_error` with `x-should-retry: false`, and the upstream's name.",
    ],
    [
      "402-retry",
      "MAY",
      "OpenRouter says how many tokens can still be paid: tried once with that number, if it is at least 1024.",
    ],
    ["403", "MUST", "403 is a 424 `permission_error`, with the reasons of a moderation (5.5)."],
    [
      "404",
      "MUST",
      "404 is a 424 `not_found_error`: an unknown model, what OpenRouter has no provider for, or a wrong address (5.5).",
    ],
    ["422", "MUST", "406, 410, 415 and 422 are 400."],
    [
      "timeout",
      "MUST",
      "408, 504 and our own limits are 504 `timeout_error`; a connection that does not come about may be a 424 (5.5).",
    ],
    ["409", "SHOULD", "409 `conflict_error`."],
    ["413", "MUST", "413 `request_too_large`; Groq's is a rate limit and is tried once with fewer tokens."],
    [
      "429",
      "MUST",
      "429 `rate_limit_error` with the time to wait, from wherever the upstream tells it: in `retry-after`, and in words where its text does not have them.",
    ],
    ["500", "MUST", "500 `api_error`."],
    ["502", "MUST", "502 `api_error`."],
    ["503", "MUST", "503 is 529 when it says overloaded, else 503 with `retry-after`."],
    ["529", "MUST", "520 to 527 and 529 are 529 `overloaded_error`."],
    [
      "network",
      "MUST",
      "An upstream that cannot be reached is a 502 with its host, the reason and what to look at, unless only the settings can be at fault (5.5).",
    ],
    ["ours", "MUST", "A client's broken JSON is a 400, a body over the limit a 413."],
    ["error_type", "MUST", "OpenRouter's `error_type` outweighs the status."],
  ]),
  createSection("5.3", "A prompt that is too long", "", [
    ["recognised", "MUST", "All known texts and codes, but not rate limits and id errors."],
    ["numbers", "MUST", "`prompt is too long: A tokens > L maximum`, which starts Claude Code's compaction."],
    [
      "both",
      "MUST",
      "Prompt and `max_tokens` together: tried once with what is left, else told with all three numbers.",
    ],
    [
      "unknown",
      "MUST",
      "Of a prompt whose size nobody knows one token more than a known window is told; without a window `capability_rejected: prompt_too_long`, and no number.",
    ],
    ["bytes", "MUST", "A limit in bytes is told in tokens, in the same proportion."],
  ]),
  createSection("5.4", "Errors inside a success", "", [
    ["status", "MUST", "A 200 with an error has the error's own status, if it is one (400 to 599)."],
    ["choice", "MUST", "An error at the choice, `error` and `network_error` count too."],
    ["before", "MUST", "Before the head: a real status."],
    ["after", "MUST", "After it: an error event of the mapped type."],
    ["text-first", "MUST", "Text that came with it is told first."],
    [
      "retries",
      "SHOULD",
      "The proxy itself tries again only before the client has heard anything: a lost connection once a send, a repair for each of up to three faults, an empty answer once, and four sends in all. Statuses go to the client, which retries by itself.",
    ],
  ]),
  createSection(
    "5.5",
    "Faults of the set-up",
    "What only another setting mends is a 424 with `x-should-retry: false`, whatever the upstream's status, where the real API would have 401, 403, 404 or 5xx. Claude Code 2.1.330 shows the text of a 424 as it is, after one call, within seconds; at a 401 or 403 it tells the person to log in, at a 404 it says that its own model may not exist and hides the text, a 400 it sends six times, and what is 500 or above it tries for three minutes. The `type` stays that of the real API, for programs. Each text names the upstream, the setting and the way out.",
    [
      [
        "model",
        "MUST",
        "An unknown model, whatever the status and the words: the setting that named it, or that the client did; at Ollama the command that fetches it.",
      ],
      ["tools", "MUST", "A model, or a server, that takes no tools."],
      [
        "address",
        "MUST",
        "404, 405 or 501 without a word of a model: `BASE_URL`, with `/v1` where that is missing.",
      ],
      ["key", "MUST", "401, 403, and 407 of an HTTP proxy."],
      [
        "network",
        "MUST",
        "A fault of a certificate, TLS at a plain port or the other way round, a name that nobody knows, an address that no way leads to, a server that speaks no HTTP: each code says what to look at, and names the HTTP proxy that is on the way, never with its password.",
      ],
      ["redirect", "MUST", "A redirect says which `BASE_URL` would lead there, without its query and user."],
      [
        "doubtful",
        "MUST",
        "An unknown name, an address that cannot be reached, TLS or HTTP that is none, a redirect, a page and a success without an answer count as such only until the upstream has answered once since the start: later they are a 502 or 504, since a network that is gone or a page in between looks the same, and passes.",
      ],
      [
        "passing",
        "MUST",
        "A refused connection, 408, 429, 5xx and overloads keep their status: the client tries again. Their texts name the upstream, the model unless the upstream's words do, and how long to wait where it says so; the client puts the status before them, so that one at the begin of a server's page goes (`502 Bad Gateway`).",
      ],
      [
        "own",
        "SHOULD",
        "What this proxy itself refuses for the caller's settings (a wrong client key, another host name) is a 424 to Claude Code, which its user agent tells, and 401 or 403 to all others.",
      ],
    ],
  ),
];
