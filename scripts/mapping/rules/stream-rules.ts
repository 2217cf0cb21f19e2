import { createSection } from "../rule.ts";

/** Streams on both wires. */
export const streamRules = [
  createSection("4.1", "What the client hears", "", [
    [
      "order",
      "MUST",
      "`message_start`, blocks one after the other with indices 0, 1, 2 …, `message_delta`, `message_stop`.",
    ],
    ["form", "MUST", "Every event is `event: <type>` and one line of JSON of the same type."],
    ["headers", "MUST", "`text/event-stream`, no caching, no buffering by proxies, `request-id`."],
    ["starts", "MUST", "Each kind of block starts in its exact form."],
    [
      "message_start",
      "MUST",
      "The whole envelope, with our estimate of the input (0 for Claude Code 1.x, which adds it to the total) and no output.",
    ],
    ["message_delta", "MUST", "Stop reason and the upstream's exact totals."],
  ]),
  createSection("4.2", "What is read of the upstream", "", [
    [
      "lines",
      "MUST",
      "Any line end, byte order mark, comments, several data lines, bare JSON lines; split anywhere, even inside a character.",
    ],
    [
      "single-breaks",
      "MUST",
      "One line break between events is enough where a line ends in a brace and the next begins another.",
    ],
    ["done", "MUST", "`[DONE]` ends the answer."],
    [
      "late-usage",
      "SHOULD",
      "Usage behind `[DONE]` counts when none came before and it follows within a tenth of a second.",
    ],
    [
      "not-json",
      "MUST",
      "Data that is no JSON fails the answer: what it held is lost. Blank data, `null` and signs of life are passed over: short words without brackets and quotes, such as `ping`, that tell of no failure.",
    ],
    ["error", "MUST", "`event: error` and a top-level `error` are errors: 5.4."],
    ["limit", "MUST", "One event may be 16 MiB long; the answer may be of any length."],
    ["choices", "MUST", "No choices are normal; of several the first counts (4.8:choices)."],
    ["linger", "MUST", "After the finish reason usage may come for five more seconds."],
    ["split", "MUST", "How the bytes are split changes nothing."],
  ]),
  createSection("4.3", "One after the other", "", [
    [
      "head",
      "MUST",
      "`message_start` goes out with the first useful chunk, three seconds after the upstream's head, or 15 seconds after the request; a ping follows it.",
    ],
    ["reasoning", "MUST", "Reasoning opens a thinking block, whatever was open."],
    [
      "details",
      "MUST",
      "`reasoning_details` are collected as they are; pieces of one text become one again.",
    ],
    ["text", "MUST", "Text opens a text block. Blanks before a call are dropped."],
    ["again", "MUST", "Reasoning after text is a thinking block of its own, with its own signature."],
  ]),
  createSection("4.4", "The end of a thinking block", "", [
    ["signature", "MUST", "One signature, the whole envelope."],
    ["carrier", "SHOULD", "Details that come later are carried by a redacted block."],
  ]),
  createSection("4.5", "Pieces of calls", "", [
    [
      "slots",
      "MUST",
      "Pieces find their call by index, then by id; every call at index 0 (Gemini, Ollama) is told apart by id and name.",
    ],
    ["late-name", "MUST", "A call starts when its name is known."],
    [
      "name",
      "SHOULD",
      "Pieces of a name are joined while the whole is the beginning of an offered tool's name.",
    ],
    ["forward", "MUST", "Pieces of the open call go out at once."],
    ["other", "MUST", "Pieces of other calls wait for their turn."],
    [
      "next",
      "MUST",
      "The next call starts when the open one is complete; at the end all that wait follow in order.",
    ],
    ["empty", "MUST", "No arguments are `{}`."],
    ["object", "MUST", "Arguments as an object are one piece."],
    [
      "cumulative",
      "MAY",
      "Snapshots of arguments are not recognised.",
      "guessing would break calls; what repeats the whole arguments is known by 3.5:several",
    ],
    ["gemini", "MUST", "A call with a thought signature is preceded by the block that carries it."],
    ["text-between", "SHOULD", "Text closes a complete call; otherwise it waits."],
    ["index", "MUST", "An impossible index fails the answer."],
  ]),
  createSection("4.6", "The end", "", [
    [
      "finish",
      "MUST",
      "What is open is closed, what was held goes out, then `message_delta` and `message_stop`.",
    ],
    ["cancel", "MUST", "The upstream's connection is closed if it goes on."],
  ]),
  createSection("4.7", "Failures", "", [
    ["before", "MUST", "Before the head an error is an HTTP status."],
    ["after", "MUST", "After it an error event, and nothing looks complete that is not."],
    [
      "early-end",
      "MUST",
      "An answer that ends without a finish reason is an error; `[DONE]` without one is a normal end, unless a call is cut.",
    ],
    ["client-gone", "MUST", "A client that leaves stops the upstream."],
    ["silent", "MUST", "Pings keep the client; an upstream silent for too long is a `timeout_error`."],
    ["backpressure", "MUST", "A client that does not read makes the upstream wait."],
  ]),
  createSection("4.8", "Answers of another shape", "", [
    ["json", "MUST", "A whole answer to a stream is told as a stream."],
    ["events", "MUST", "A stream to a whole answer is put together."],
    ["sniff", "SHOULD", "A wrong or missing content type is seen through."],
    ["page", "MUST", "A web page or a text is an error without its markup (5.5)."],
    [
      "empty",
      "SHOULD",
      "An empty answer, which has a choice or tells usage, is asked for once more if the request has a send left, then told as it is, with a warning on the console.",
    ],
    [
      "envelope",
      "SHOULD",
      "A completion or a chunk under `data`, `result`, `response` or `output` is taken out, with the usage beside it.",
    ],
    [
      "none",
      "MUST",
      "A success without a choice and without usage, or with words of failure instead, is an error (5.4) with those words. Where it says nothing of a failure it is asked for once more, and then told with `BASE_URL` as what to check (5.5).",
    ],
    [
      "room",
      "MUST",
      "What one answer may hold, and how much it may bring, is bounded; beyond that it fails with an error that says so.",
    ],
    [
      "overflow",
      "SHOULD",
      "LM Studio: an empty answer to a prompt over the window that it once named is an overflow.",
    ],
    ["reasoning-only", "MUST", "Reasoning alone is a thinking block and `end_turn`."],
    ["choices", "MUST", "Of several choices the first counts, but for calls that it has not (3.3:choices)."],
  ]),
];
