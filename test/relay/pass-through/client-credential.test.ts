import { expect, test } from "bun:test";
import { message, refusal, stream, upstreamRequestId } from "../../support/anthropic-upstream.ts";
import { status } from "../../support/reply.ts";
import { startPassing } from "../../support/start-passing.ts";

const canary = "sk-ant-oat01-canary-7f3a9c2e51d84b60aa17";
const bearer = { authorization: `Bearer ${canary}` };
const json = { "content-type": "application/json" };
const passesClientKey = { settings: { passesClientKey: true } };
const hello = { model: "claude-opus-5-5", max_tokens: 100, messages: [{ role: "user", content: "hi" }] };

test("[30.1:credential] the client's own credential is passed as it came, and no key of ours beside it", async () => {
  await using passing = await startPassing(passesClientKey);
  passing.upstream.respondWith(() => message());
  await passing.post(hello, { headers: bearer });
  await passing.post(hello, { headers: { "x-api-key": canary } });
  const [first, second] = passing.upstream.requests;
  expect([first?.headers["authorization"], first?.headers["x-api-key"]]).toEqual([
    `Bearer ${canary}`,
    undefined,
  ]);
  expect([second?.headers["authorization"], second?.headers["x-api-key"]]).toEqual([undefined, canary]);
});

test("[30.2:rate-limits] its owner gets the rate limits of his account, and his programs are named there", async () => {
  await using passing = await startPassing(passesClientKey);
  passing.upstream.reply(message());
  const response = await passing.post(hello, { headers: { ...bearer, "x-app": "cli", cookie: "a=b" } });
  expect(response.headers.get("anthropic-ratelimit-unified-status")).toBe("allowed");
  const { headers } = await passing.upstream.request(0);
  expect([headers["x-app"], headers["cookie"]]).toEqual(["cli", undefined]);
});

test.each(["/v1/messages", "/v1/messages/count_tokens"])(
  "[30.1:no-credential] %s without a credential is refused",
  async (path) => {
    await using passing = await startPassing(passesClientKey);
    const response = await fetch(`${passing.url}${path}`, {
      method: "POST",
      headers: json,
      body: JSON.stringify(hello),
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({
      error: { type: "authentication_error", message: expect.stringContaining("this request has none") },
    });
    expect(passing.upstream.requests).toEqual([]);
  },
);

test("an upstream with a key of ours never gets it", async () => {
  await using passing = await startPassing();
  passing.upstream.respondWith(({ path }) => (path.includes("count") ? status(404, "") : message()));
  await passing.post(hello, { headers: bearer });
  await fetch(`${passing.url}/v1/messages/count_tokens`, {
    method: "POST",
    headers: { ...json, ...bearer, "x-api-key": canary },
    body: JSON.stringify(hello),
  });
  for (const { headers, rawBody } of passing.upstream.requests)
    expect(JSON.stringify(headers) + rawBody.toString()).not.toContain("canary");
  expect(passing.upstream.requests).toHaveLength(2);
});

test("[30.1:nowhere-else] it stands in no log, no record and no error, even if the upstream repeats it", async () => {
  await using passing = await startPassing({ ...passesClientKey, isDebug: true });
  const echoes = `token ${canary} or ${Buffer.from(canary).toString("base64")} is not known`;
  passing.upstream.reply(refusal(401, "authentication_error", echoes));
  passing.upstream.reply(
    stream([`event: error\ndata: {"type":"error","error":{"message":"${echoes}"}}\n\n`]),
  );
  passing.upstream.reply(message(`{"type":"message","content":"${echoes}"}`));
  passing.upstream.reply(status(307, "", { location: `/${canary}` }));
  passing.upstream.reply(status(200, `<title>${echoes}</title>`, { "content-type": "text/html" }));
  const told: string[] = [];
  for (let times = 0; times < 5; times += 1) {
    const response = await passing.post(hello, { headers: bearer });
    // What an answer says goes out as it is: its owner knows his credential.
    const text = await response.text();
    if (response.status !== 200) told.push(text);
  }
  await passing.record(4);
  expect(told).toHaveLength(4);
  for (const text of [...told, ...passing.logged]) {
    expect(text).not.toContain("canary");
    expect(text).not.toContain(Buffer.from(canary).toString("base64"));
  }
  expect(told[0]).toContain(upstreamRequestId);
});

test("a redirect does not take it to another place", async () => {
  await using passing = await startPassing(passesClientKey);
  await using other = await startPassing();
  passing.upstream.reply(status(307, "", { location: `${other.upstream.baseUrl}/messages` }));
  await passing.post(hello, { headers: bearer });
  expect(other.upstream.requests).toEqual([]);
});
