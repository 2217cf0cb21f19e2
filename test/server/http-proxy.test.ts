import { expect, test } from "bun:test";
import { completionOf } from "../support/chunks.ts";
import { json } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { startProgram } from "../support/start-program.ts";
import { startUpstream } from "../support/upstream.ts";

test("[row 83] an upstream on this machine is called without the HTTP proxy that the environment names", async () => {
  const upstream = await startUpstream();
  const httpProxy = await startUpstream();
  await using program = await startProgram(upstream.baseUrl, {
    HTTP_PROXY: new URL(httpProxy.baseUrl).origin,
  });
  upstream.reply(json(completionOf({ text: "hello" })));
  const response = await fetch(`${program.url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(hello),
  });
  await response.text();
  expect([response.status, upstream.requests.length, httpProxy.requests.length]).toEqual([200, 1, 0]);
  await upstream.stop();
  await httpProxy.stop();
});
