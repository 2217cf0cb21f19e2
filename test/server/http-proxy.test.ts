import { expect, test } from "bun:test";
import { refused, whole } from "../faults/outcomes.ts";
import { type ProgramTestOptions, playProgram } from "../faults/program-test.ts";
import { canaries } from "../faults/scene.ts";
import { completionOf } from "../support/chunks.ts";
import { json } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { startUpstream } from "../support/upstream.ts";

const far = "http://upstream.invalid/v1";

/** Asks a program once whose environment names an HTTP proxy, which answers by itself; gives what that was asked for. */
async function askThroughProxy({ settings, ...options }: ProgramTestOptions) {
  const httpProxy = await startUpstream();
  httpProxy.reply(json(completionOf({ text: "through the proxy" })));
  const { origin } = new URL(httpProxy.baseUrl);
  let outcome: unknown;
  await playProgram(
    async ({ upstream, ask }) => {
      upstream.reply(json(completionOf({ text: "hello" })));
      ({ outcome } = await ask(hello));
    },
    { ...options, settings: { HTTP_PROXY: origin, ...settings } },
  );
  await httpProxy.stop();
  return { outcome, proxied: httpProxy.requests.map(({ path }) => path), requests: httpProxy.requests };
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
test.each([
  ["the newer form", "/openai/v1", "/openai/v1/chat/completions", "authorization", "Bearer "],
  ["the older form", "/openai?api-version=1", "/openai/chat/completions?api-version=1", "api-key", ""],
  [
    "a deployment's",
    "/openai/deployments/d/chat/completions?api-version=1",
    "/openai/deployments/d/chat/completions?api-version=1",
    "api-key",
    "",
  ],
])(
  "[20.4:azure] %s of Azure's addresses has its path, its query and its key",
  async (_, base, path, name, mark) => {
    const host = "http://me.openai.azure.com";
    const { outcome, requests } = await askThroughProxy({
      elsewhere: `${host}${base}`,
      settings: { UPSTREAM_PROFILE: "auto" },
    });
    expect(outcome).toEqual(whole("through the proxy"));
    const sent = requests.map((request) => {
      const { authorization, "api-key": apiKey } = request.headers;
      return [request.path, authorization, apiKey];
    });
    const key = `${mark}${canaries.upstreamKey}`;
    const isOlder = name === "api-key";
    expect(sent).toEqual([[`${host}${path}`, isOlder ? undefined : key, isOlder ? key : undefined]]);
  },
);
