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
    ["401", "MUST", "401, with the hint that it is the upstream's key, and `x-should-retry: false`."],
    ["402", "MUST", "No credit, from any status, is 402 `billing_error` with `x-should-retry: false`."],
    [
      "402-retry",
      "MAY",
      "OpenRouter says how many tokens can still be paid: tried once with that number, if it is at least 1024.",
    ],
    ["403", "MUST", "403 `permission_error`, with the reasons of a moderation."],
    ["404", "MUST", "404 `model: <id>` for an unknown model; OpenRouter's missing features are named."],
    ["422", "MUST", "405, 406, 410, 415 and 422 are 400."],
    ["timeout", "MUST", "408, 504 and our own limits are 504 `timeout_error`."],
    ["409", "SHOULD", "409 `conflict_error`."],
    ["413", "MUST", "413 `request_too_large`; Groq's is a rate limit and is tried once with fewer tokens."],
    ["429", "MUST", "429 `rate_limit_error` with the time to wait, from wherever the upstream tells it."],
    ["500", "MUST", "500 `api_error`."],
    ["502", "MUST", "502 `api_error`."],
    ["503", "MUST", "503 is 529 when it says overloaded, else 503 with `retry-after`."],
    ["529", "MUST", "520 to 527 and 529 are 529 `overloaded_error`."],
    ["network", "MUST", "An upstream that cannot be reached is a 502 with its host and the reason."],
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
    ["unknown", "MUST", "Numbers are told only when they are known."],
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
      "The proxy itself tries again only before the client has heard anything: a lost connection once a send, a repair twice, an empty answer once, and four sends in all. Statuses go to the client, which retries by itself.",
    ],
  ]),
];
