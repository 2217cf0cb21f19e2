import { expect, test } from "bun:test";
import { refused, whole } from "../faults/outcomes.ts";
import { type ProgramTestOptions, playProgram } from "../faults/program-test.ts";
import { canaries } from "../faults/scene.ts";
import { type Reply, status } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { startUpstream } from "../support/upstream.ts";
import { chatWire, responsesWire, wholeReply } from "../support/wires.ts";

const far = "http://upstream.invalid/v1";

/** Answers on the wire of the path. */
function answerThrough({ path }: { path: string }): Reply {
  const answer = { text: "through the proxy" };
  return wholeReply(path.includes("/responses") ? responsesWire : chatWire, answer);
}

/** Asks a program whose environment names an HTTP proxy, which answers by itself; gives what that was asked for. */
async function askThroughProxy(
  { settings, ...options }: ProgramTestOptions,
  { times = 1, answer = answerThrough } = {},
) {
  const httpProxy = await startUpstream();
  httpProxy.respondWith(answer);
  const { origin } = new URL(httpProxy.baseUrl);
  const outcomes: unknown[] = [];
  let records: Record<string, unknown>[] = [];
  await playProgram(
    async ({ upstream, ask, requestRecords }) => {
      upstream.reply(wholeReply(chatWire, { text: "hello" }));
      for (let time = 0; time < times; time += 1) outcomes.push((await ask(hello)).outcome);
      records = await requestRecords(times);
    },
    { ...options, settings: { HTTP_PROXY: origin, ...settings } },
  );
  await httpProxy.stop();
  const { requests } = httpProxy;
  return { outcome: outcomes[0], outcomes, records, proxied: requests.map(({ path }) => path), requests };
}

test("[row 83] an upstream on this machine is called without the HTTP proxy that the environment names", async () => {
  expect(await askThroughProxy({})).toMatchObject({ outcome: whole("hello"), proxied: [] });
});

test("[row 83] another upstream is called through it", async () => {
  const proxied = [`${far}/chat/completions`];
  expect(await askThroughProxy({ elsewhere: far })).toMatchObject({
    outcome: whole("through the proxy"),
    proxied,
  });
});

test.each(["NO_PROXY", "no_proxy"])("[row 83] but not one that %s names", async (name) => {
  const settings = { [name]: "other.invalid,upstream.invalid" };
  expect(await askThroughProxy({ elsewhere: far, settings })).toMatchObject({
    outcome: refused(
      424,
      "api_error",
      "cannot reach upstream.invalid: ENOTFOUND. The host name is unknown. Check the host in BASE_URL, and the network",
    ),
    proxied: [],
  });
});

test("[row 83] [5.5:network] an HTTP proxy that is not there is named, and not its password", async () => {
  let outcome: unknown;
  await playProgram(
    async ({ ask }) => {
      ({ outcome } = await ask(hello));
    },
    { elsewhere: far, settings: { HTTP_PROXY: "http://user:secret@127.0.0.1:9" } },
  );
  expect(outcome).toEqual(
    refused(
      502,
      "api_error",
      "cannot reach upstream.invalid: ECONNREFUSED. Requests go through the HTTP proxy UPSTREAM, set in HTTP_PROXY. Is it running, and does it allow the connection?",
    ),
  );
});

// An HTTP proxy lets a host be called by its own name without a request leaving this machine.
const bearer = `Bearer ${canaries.upstreamKey}`;
const azure = "http://me.openai.azure.com";
const onResponses = { UPSTREAM_PROTOCOL: "responses" };
const reasons = { BIG_MODEL_NAME: "gpt-5.4" };

test.each([
  ["the newer form", "/openai/v1", "/openai/v1/chat/completions", {}],
  ["the older form", "/openai?api-version=1", "/openai/chat/completions?api-version=1", {}],
  [
    "a deployment's",
    "/openai/deployments/d/chat/completions?api-version=1",
    "/openai/deployments/d/chat/completions?api-version=1",
    // The address says on which wire.
    reasons,
  ],
  ["the newer form", "/openai/v1", "/openai/v1/responses", onResponses],
  ["the older form", "/openai?api-version=1", "/openai/responses?api-version=1", onResponses],
  ["the address of the wire", "/openai/responses?api-version=1", "/openai/responses?api-version=1", {}],
  ["the newer form", "/openai/v1", "/openai/v1/responses", reasons],
  ["the older form", "/openai?api-version=1", "/openai/responses?api-version=1", reasons],
  ["the newer form", "/openai/v1", "/openai/v1/chat/completions", { ...reasons, UPSTREAM_PROTOCOL: "chat" }],
])(
  "[20.4:azure 20.4:key] %s of Azure's addresses (%s) becomes %s with %j, and has its key",
  async (...row) => {
    const [, base, path, settings] = row;
    const { outcome, requests } = await askThroughProxy({
      elsewhere: `${azure}${base}`,
      settings: { UPSTREAM_PROFILE: "auto", ...settings },
    });
    expect(outcome).toEqual(whole("through the proxy"));
    const sent = requests.map((request) => {
      const { authorization, "api-key": apiKey } = request.headers;
      return [request.path, authorization, apiKey];
    });
    const key = base.includes("?") ? [undefined, canaries.upstreamKey] : [bearer, undefined];
    expect(sent).toEqual([[`${azure}${path}`, ...key]]);
  },
);

test.each([
  ["http://nobody.api.openai.com/v1", reasons],
  ["http://me.services.ai.azure.com/openai/v1", reasons],
  ["http://nobody.x.ai/v1", { BIG_MODEL_NAME: "grok-4.7" }],
])(
  "[20.2:auto 20.3:to-chat] %s without the Responses API is asked there once",
  async (elsewhere, settings) => {
    const answer = (request: { path: string }) =>
      request.path.endsWith("/responses")
        ? status(404, { error: { message: "Invalid URL (POST /v1/responses)" } })
        : answerThrough(request);
    const auto = { UPSTREAM_PROFILE: "auto", ...settings };
    const { outcomes, proxied, records } = await askThroughProxy(
      { elsewhere, settings: auto },
      { times: 2, answer },
    );
    expect(outcomes).toEqual([whole("through the proxy"), whole("through the proxy")]);
    expect(proxied).toEqual([
      `${elsewhere}/responses`,
      `${elsewhere}/chat/completions`,
      `${elsewhere}/chat/completions`,
    ]);
    expect(records.map(({ attempts, protocol }) => [attempts, protocol])).toEqual([
      [2, "chat"],
      [1, "chat"],
    ]);
  },
);
