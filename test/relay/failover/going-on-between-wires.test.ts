import { describe, expect, test } from "bun:test";
import { message, messageEvents, refusal, stream } from "../../support/anthropic-upstream.ts";
import { chunk, chunksOf, completionOf } from "../../support/chunks.ts";
import { createFileConfig, upstreamSettings } from "../../support/file-config.ts";
import { findFreePort } from "../../support/find-free-port.ts";
import { findGrammarFaults } from "../../support/grammar.ts";
import { hangUp, json, type Reply, sse, status } from "../../support/reply.ts";
import { responseEvents, responseOf, responseSse } from "../../support/responses/response-events.ts";
import { hello, readFailure } from "../../support/start-pair.ts";
import { startTestProxy } from "../../support/start-proxy.ts";
import { startUpstream } from "../../support/upstream.ts";

const wires = ["chat", "responses", "anthropic"] as const;
type WireName = (typeof wires)[number];
type Form = "whole" | "streamed";

const whole = JSON.stringify({
  id: "msg_01",
  type: "message",
  role: "assistant",
  model: "m",
  content: [{ type: "text", text: "fine" }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 25, output_tokens: 12 },
});

/** How each wire says `fine`. */
const fine: Readonly<Record<WireName, Readonly<Record<Form, () => Reply>>>> = {
  chat: {
    whole: () => json(completionOf({ text: "fine" })),
    streamed: () => sse(chunksOf({ text: "fine" })),
  },
  responses: {
    whole: () => json(responseOf({ output: [{ kind: "message", text: "fine" }] })),
    streamed: () => responseSse(responseEvents({ output: [{ kind: "message", text: "fine" }] })),
  },
  anthropic: { whole: () => message(whole), streamed: () => stream(messageEvents(["fi", "ne"])) },
};

/** An answer that stops in its middle. */
const cut: Readonly<Record<WireName, () => Reply>> = {
  chat: () => sse([chunk({ content: "Hel" })], { done: false, paceMs: 30, end: "reset" }),
  responses: () =>
    responseSse(responseEvents({ output: [{ kind: "message", text: "Hello, you" }] }).slice(0, 5), {
      paceMs: 30,
      end: "reset",
    }),
  anthropic: () => stream(messageEvents().slice(0, 4), { paceMs: 30, end: "reset" }),
};

/** An error as the first event. */
const errorFirst: Readonly<Record<WireName, () => Reply>> = {
  chat: () => sse([{ error: { message: "overloaded", code: 529 } }]),
  responses: () => responseSse([{ type: "error", code: "server_error", message: "overloaded", param: null }]),
  anthropic: () =>
    stream(['event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"no"}}\n\n']),
};

async function start(targets: readonly [name: string, wire: WireName, reply: (() => Reply) | null][]) {
  const upstreams = await Promise.all(targets.map(startUpstream));
  const dead = `http://127.0.0.1:${await findFreePort()}/v1`;
  for (const [index, [, , reply]] of targets.entries())
    if (reply !== null) upstreams[index]?.respondWith(reply);
  const file = createFileConfig({
    upstreams: targets.map(([name, protocol, reply], index) =>
      upstreamSettings(name, reply === null ? dead : (upstreams[index]?.baseUrl ?? ""), { protocol }),
    ),
    routes: { default: targets.map(([name]) => `${name}/m`) },
  });
  const proxy = await startTestProxy("http://127.0.0.1:9/v1", { settings: { file } });
  return {
    /** Asks, and tells what came of it. */
    async ask(form: Form) {
      const response = await fetch(`${proxy.url}/v1/messages`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ...hello, stream: form === "streamed" }),
      });
      const bytes = new Uint8Array(await response.clone().arrayBuffer());
      const { headers } = response;
      const record = await proxy.record(0);
      return {
        response,
        text: new TextDecoder().decode(bytes),
        bytes,
        said: [headers.get("x-claude-proxy-upstream"), headers.get("x-claude-proxy-attempts")],
        tried: record.tried.map(({ upstream, status: code, error }) =>
          [upstream, code, error].filter((part) => part !== null).join(" "),
        ),
        record,
      };
    },
    sends: () => upstreams.map(({ requests }) => requests.length),
    [Symbol.asyncDispose]: async () => {
      await proxy.stop();
      await Promise.all(upstreams.map((upstream) => upstream.stop()));
    },
  };
}

const textOf = (text: string) =>
  [...text.matchAll(/"(?:text|delta)":"(\w+)"/g)].map(([, piece]) => piece).join("");

describe.each<Form>(["whole", "streamed"])("from one wire to another, %s", (form) => {
  const pairs = wires.flatMap((from) => wires.map((to): [WireName, WireName] => [from, to]));

  test.each(pairs)("a dead port, a limit on %s, and one that is fine on %s", async (from, to) => {
    await using proxy = await start([
      ["dead", from, null],
      ["full", from, () => refusal(429, "rate_limit_error", "slow down", { "retry-after": "3" })],
      ["fine", to, fine[to][form]],
    ]);
    const { response, text, bytes, said, tried, record } = await proxy.ask(form);
    expect([response.status, said, textOf(text)]).toEqual([200, ["fine", "3"], "fine"]);
    expect(response.headers.get("retry-after")).toBeNull();
    expect(tried).toEqual(["dead no connection", "full 429", "fine 200"]);
    expect(record).toMatchObject({
      protocol: to,
      upstream: "fine",
      attempts: 3,
      status: 200,
      errorType: null,
    });
    if (form === "streamed" && to !== "anthropic") expect(findGrammarFaults(bytes)).toEqual([]);
    if (form === "streamed" && to === "anthropic") expect(text).toBe(messageEvents(["fi", "ne"]).join(""));
  });

  // All at once, as each waits a second before it calls the first upstream again.
  test("an upstream that hangs up, and a server that fails, whatever their wires", async () => {
    const found = pairs.map(async ([from, to]) => {
      await using proxy = await start([
        ["gone", from, () => hangUp("reset")],
        ["broken", from, () => status(503, { error: { message: "it says no" } })],
        ["fine", to, fine[to][form]],
      ]);
      const { said, text, tried } = await proxy.ask(form);
      return [from, to, said, textOf(text), tried];
    });
    const tried = ["gone no connection", "broken 503", "fine 200"];
    expect(await Promise.all(found)).toEqual(pairs.map((pair) => [...pair, ["fine", "4"], "fine", tried]));
  });

  test.each(pairs)("a request that is at fault on %s does not go on to %s", async (from, to) => {
    await using proxy = await start([
      ["strict", from, () => refusal(400, "invalid_request_error", "temperature: too odd")],
      ["fine", to, fine[to][form]],
    ]);
    const { response, said, tried } = await proxy.ask(form);
    expect([response.status, said, tried, proxy.sends()]).toEqual([
      400,
      ["strict", "1"],
      ["strict 400"],
      [1, 0],
    ]);
    expect(await response.text()).toContain("too odd");
  });

  test.each(wires)("when all have failed, %s last, the client hears what was tried", async (last) => {
    const limited = () => refusal(429, "rate_limit_error", "slow down", { "retry-after": "9" });
    await using proxy = await start([
      ...wires
        .filter((wire) => wire !== last)
        .map((wire): [string, WireName, () => Reply] => [wire, wire, limited]),
      [last, last, () => refusal(500, "api_error", "broken")],
    ]);
    const { response, tried } = await proxy.ask(form);
    const [code, type, text] = await readFailure(response);
    expect([code, type, response.headers.get("retry-after")]).toEqual([429, "rate_limit_error", "9"]);
    const [first, second] = wires.filter((wire) => wire !== last);
    expect(text).toEndWith(`Tried ${first}/m (429), ${second}/m (429), ${last}/m (500).`);
    expect(tried).toEqual([`${first} 429`, `${second} 429`, `${last} 500`]);
  });
});

const streamedPairs = wires.flatMap((from) => wires.map((to): [WireName, WireName] => [from, to]));

test.each(streamedPairs)("an error as the first event of %s goes on to %s", async (from, to) => {
  await using proxy = await start([
    ["broken", from, errorFirst[from]],
    ["fine", to, fine[to].streamed],
  ]);
  const { response, said, text } = await proxy.ask("streamed");
  expect([response.status, said, textOf(text)]).toEqual([200, ["fine", "2"], "fine"]);
  expect(text).not.toContain("event: error");
});

test.each(wires)("a stream of %s that dies after its first byte is not tried again", async (wire) => {
  await using proxy = await start([
    ["dies", wire, cut[wire]],
    ["fine", "chat", fine.chat.streamed],
  ]);
  const { response, said, text, tried } = await proxy.ask("streamed");
  expect([response.status, said]).toEqual([200, ["dies", "1"]]);
  expect(text).toContain("event: error");
  expect(textOf(text)).not.toContain("fine");
  expect([tried, proxy.sends()]).toEqual([["dies 200 broke off"], [1, 0]]);
});
