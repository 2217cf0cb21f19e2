import { expect, test } from "bun:test";
import { completionOf } from "../support/chunks.ts";
import { whole } from "../support/reply.ts";
import { responseOf } from "../support/responses/response-events.ts";
import { hello, readFailure, startPair } from "../support/start-pair.ts";
import { chatWire, responsesWire } from "../support/wires.ts";

const completion = completionOf({ text: "hi" });
const response = responseOf({ output: [{ kind: "message", text: "hi" }] });

test.each([
  [responsesWire, response, completion, "a chat completion. Set UPSTREAM_PROTOCOL=chat"],
  [chatWire, completion, response, "a response of the Responses API. Set UPSTREAM_PROTOCOL=responses"],
])(
  "[24.8:other-wire] [5.5:doubtful] an answer of another wire than $id shows at once that a setting is wrong",
  async ({ settings }, own, other, told) => {
    await using pair = await startPair({ settings });
    const ask = async () => {
      pair.upstream.reply(whole(other));
      const [status, type, message] = await readFailure(await pair.post(hello));
      return [status, type, message.replace(/127\.0\.0\.1:\d+/, "UPSTREAM")];
    };
    expect(await ask()).toEqual([424, "api_error", `UPSTREAM answered with ${told}`]);
    pair.upstream.reply(whole(own));
    expect((await pair.post(hello)).status).toBe(200);
    expect(await ask()).toEqual([502, "api_error", `UPSTREAM answered with ${told}`]);
    expect(pair.upstream.requests).toHaveLength(3);
  },
);
