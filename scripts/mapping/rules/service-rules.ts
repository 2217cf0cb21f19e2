import { createSection } from "../rule.ts";

/** Counting, the other endpoints, headers and logging. */
export const serviceRules = [
  createSection(
    "7",
    "Counting tokens",
    "Counts are never scaled to the window that a client believes in: no setting tells the upstream's.",
    [
      ["answer", "MUST", "`{input_tokens}`, without asking the upstream; unknown fields are read over."],
      ["fast", "MUST", "500 kB are counted in less than 200 ms."],
      ["sent", "MUST", "What is counted is what would be sent."],
      ["text", "MUST", "Text by o200k_base; special tokens are text like any other."],
      [
        "overheads",
        "MUST",
        "Messages, calls, results, tools, choices and schemas have fixed costs of their own.",
      ],
      ["image", "MUST", "An image by its size, read from its first bytes."],
      ["tiles", "MAY", "Images of OpenAI's models by tiles, as they are charged."],
      ["pdf", "MUST", "A PDF by its pages."],
      ["factor", "MUST", "The sum times the model's factor."],
      ["calibration", "SHOULD", "The factor learns from every answer with real usage."],
    ],
  ),
  createSection("8", "Other requests", "", [
    ["root", "MUST", "`/`, `/health` and `/api/hello` answer 200."],
    [
      "models",
      "SHOULD",
      "`GET /v1/models` lists the aliases and the configured models, without asking the upstream.",
    ],
    ["model", "SHOULD", "`GET /v1/models/{id}` is one of them, or 404."],
    ["messages", "MUST", "A query and a trailing slash change nothing."],
    [
      "base-url",
      "SHOULD",
      "Paths of a base URL that ends in `/v1`, `/api` and their kin (`/v1/v1/messages`) are served, and messages and their counts behind any other path (`/x/v1/messages`), with one warning that says what it should be.",
    ],
    ["not-here", "MUST", "Batches, files, skills and the like are 404: anything from 500 would be retried."],
    ["event_logging", "SHOULD", "The client's telemetry is thrown away with a 204."],
    ["api", "SHOULD", "Any other `/api/…` is 404."],
    ["405", "MUST", "A wrong method is a 405 with `allow`."],
    ["options", "SHOULD", "`OPTIONS` is a 204 with `allow` and no CORS header."],
    ["request-id", "MUST", "Every answer has a `request-id`."],
  ]),
  createSection("8.1", "Headers and the log", "", [
    [
      "request-id",
      "MUST",
      "`req_` and 24 letters and digits, in the answer and in the log, beside the upstream's own id.",
    ],
    ["retry-after", "MUST", "Copied when sane; dates become seconds."],
    ["ratelimit", "MUST", "No rate limits are invented."],
    ["others", "MUST", "No other header of the upstream is copied."],
    ["dropped", "SHOULD", "The record of a request names what was dropped."],
  ]),
];
