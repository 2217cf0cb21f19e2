import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runProgramIn } from "../cli/run-program-in.ts";
import { completionOf } from "../support/chunks.ts";
import { nameWithPostgres, whyNoPostgres } from "../support/postgres.ts";
import { json, status } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { until } from "../support/until.ts";
import { sendHello, startTestTeam } from "./start-team.ts";

const withTemperature = { ...hello, temperature: 0.5 };

/** A file in the state folder of a program with this home; empty if there is none. */
function readState(home: string, name: string): string {
  const path = join(home, ".local/state/claude-proxy", name);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

/** The tokens that a proxy counts for a request. */
async function countTokens(url: string): Promise<unknown> {
  const response = await fetch(`${url}/v1/messages/count_tokens`, {
    method: "POST",
    headers: { "content-type": "application/json", "anthropic-version": "2023-06-01" },
    body: JSON.stringify({
      model: hello.model,
      messages: [{ role: "user", content: "tell me ".repeat(500) }],
    }),
  });
  return response.json();
}

describe.skipIf(whyNoPostgres !== null)(nameWithPostgres("what one instance has learned"), () => {
  test("the others know, and what is cleared is cleared at all", async () => {
    await using team = await startTestTeam("share_lessons", 3);
    const { upstream, programs } = team;
    const [one, other, third] = programs;
    if (one === undefined || other === undefined || third === undefined) throw new Error("there are three");
    upstream.respondWith(({ body }) =>
      JSON.stringify(body).includes("temperature")
        ? status(400, {
            error: { message: "Unsupported parameter: 'temperature' is not supported with this model." },
          })
        : json(completionOf({ text: "hello" })),
    );
    expect((await sendHello(one.url, undefined, withTemperature)).status).toBe(200);
    expect(upstream.requests).toHaveLength(2);
    for (const { home } of [other, third]) {
      await until(
        () => readState(home, "learned.json"),
        (text) => text.includes("temperature"),
        10_000,
      );
    }
    for (const { url } of [other, third]) {
      // The file is looked at once a second.
      await Bun.sleep(1_000);
      expect((await sendHello(url, undefined, withTemperature)).status).toBe(200);
    }
    expect(upstream.requests).toHaveLength(4);

    const cleared = await runProgramIn(third.home, ["learned", "--clear"]);
    expect(cleared.out).toBe("Cleared 1 entry.\n");
    for (const { home } of [one, other]) {
      await until(
        () => readState(home, "learned.json"),
        (text) => !text.includes("temperature"),
        10_000,
      );
    }
  }, 60_000);

  test("of token counts the others count with", async () => {
    await using team = await startTestTeam("share_factors", 2);
    const { upstream, programs } = team;
    const [one, other] = programs;
    if (one === undefined || other === undefined) throw new Error("there are two");
    const usage = { prompt_tokens: 2_000, completion_tokens: 3, total_tokens: 2_003 };
    upstream.respondWith(() => json({ ...completionOf({ text: "hello" }), usage }));
    const before = await countTokens(other.url);
    const long = { ...hello, messages: [{ role: "user", content: "tell me ".repeat(500) }] };
    expect((await sendHello(one.url, undefined, long)).status).toBe(200);
    const learned = await until(
      () => readState(one.home, "token-calibration.json"),
      (text) => text !== "",
      15_000,
    );
    await until(
      () => readState(other.home, "token-calibration.json"),
      (text) => text === learned,
      30_000,
    );
    expect(await countTokens(other.url)).toEqual(await countTokens(one.url));
    expect(await countTokens(other.url)).not.toEqual(before);
  }, 60_000);
});
