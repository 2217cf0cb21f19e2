import { expect } from "bun:test";
import { completionOf } from "../support/chunks.ts";
import { json } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { faultTest } from "./fault-test.ts";
import { connectRaw } from "./raw-client.ts";
import { canaries } from "./scene.ts";
import type { Stage } from "./stage.ts";

/** Every path the server knows, and some that it does not: the guards stand before all of them. */
const paths = [
  ["POST", "/v1/messages"],
  ["POST", "/v1/messages/count_tokens"],
  ["POST", "/api/event_logging/batch"],
  ["GET", "/"],
  ["GET", "/health"],
  ["GET", "/api/hello"],
  ["OPTIONS", "/v1/messages"],
  ["PUT", "/v1/messages"],
  ["GET", "/v1/nothing"],
  ["POST", "/v1/nothing"],
  ["POST", "//v1/messages"],
  ["POST", "/v1/%6dessages"],
  ["POST", "/v1/../v1/messages"],
] as const;
const text = JSON.stringify(hello);

/** Sends one request to every path; gives each answer's status, with no CORS header in any of them. */
async function statusesOf(
  stage: Stage,
  changed: Record<string, string | string[] | null>,
): Promise<string[]> {
  const statuses: string[] = [];
  for (const [method, path] of paths) {
    const headers: Record<string, string | string[] | null> = {
      host: `127.0.0.1:${stage.proxy.port}`,
      "content-type": method === "POST" ? "application/json" : null,
      "x-api-key": canaries.clientKey,
      "content-length": method === "POST" ? String(text.length) : null,
      connection: "close",
      ...changed,
    };
    const lines = Object.entries(headers).flatMap(([name, value]) =>
      value === null ? [] : [value].flat().map((one) => `${name}: ${one}\r\n`),
    );
    stage.noteRequest();
    const body = method === "POST" ? text : "";
    const client = await connectRaw(
      stage.proxy.port,
      `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body}`,
    );
    const answer = (await client.closed(3000)) ?? "open";
    expect(answer.toLowerCase()).not.toContain("access-control");
    statuses.push(`${answer.slice(9, 12)} ${/"type":"(\w+_error)"/.exec(answer)?.[1] ?? ""}`.trim());
  }
  return statuses;
}

const everywhere = (status: string) => paths.map(() => status);

for (const [what, host] of [
  ["another name", "evil.example"],
  ["another port", "127.0.0.1:1"],
  ["a name that begins like ours", "127.0.0.1.evil.example"],
  ["a name behind a user", "127.0.0.1@evil.example"],
  ["the unspecified address", "0.0.0.0"],
  ["the address as a number", "2130706433"],
  ["nothing", ""],
] as const) {
  faultTest(`[row 69] a Host that is ${what}`, async (stage) => {
    expect(await statusesOf(stage, { host })).toEqual(everywhere("403 permission_error"));
    expect(stage.upstream.requests.length).toBe(1);
  });
}

faultTest("[row 69] two Hosts, one of them ours", async (stage) => {
  const own = `127.0.0.1:${stage.proxy.port}`;
  expect(await statusesOf(stage, { host: ["evil.example", own] })).toEqual(
    everywhere("403 permission_error"),
  );
  expect(await statusesOf(stage, { host: [own, "evil.example"] })).toEqual(
    everywhere("403 permission_error"),
  );
});

faultTest(
  "[row 69] two Hosts at a server that others reach by its own name",
  async (stage) => {
    const hosts = ["proxy.example", "evil.example"];
    expect(await statusesOf(stage, { host: hosts })).toEqual(everywhere("403 permission_error"));
    expect((await statusesOf(stage, { host: "proxy.example" })).slice(3, 6)).toEqual(["200", "200", "200"]);
  },
  { settings: { host: "0.0.0.0" } },
);

for (const [what, headers] of [
  ["another site's origin", { origin: "https://evil.example" }],
  ["an origin on this machine", { origin: "http://localhost:3000" }],
  ["no origin that can be named", { origin: "null" }],
  ["another site", { "sec-fetch-site": "cross-site" }],
  ["a sister site", { "sec-fetch-site": "same-site" }],
] as const) {
  faultTest(`[row 70] a page from ${what}`, async (stage) => {
    expect(await statusesOf(stage, headers)).toEqual(everywhere("403 permission_error"));
    expect(stage.upstream.requests.length).toBe(1);
  });
}

for (const type of [
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  null,
]) {
  faultTest(`[row 70] a body of type ${type}, which a form could send`, async (stage) => {
    const statuses = await statusesOf(stage, { "content-type": type });
    expect(statuses).toEqual(
      paths.map(([method, path], index) =>
        method === "POST" ? "415 invalid_request_error" : (statuses[index] ?? path),
      ),
    );
    expect(stage.upstream.requests.length).toBe(1);
  });
}

for (const [what, headers] of [
  ["no key", { "x-api-key": null }],
  ["a wrong key", { "x-api-key": `${canaries.clientKey.slice(0, -1)}x` }],
  ["a longer key", { "x-api-key": `${canaries.clientKey}x` }],
  ["the key in the wrong scheme", { "x-api-key": null, authorization: `Basic ${canaries.clientKey}` }],
  ["a key of 8 KB", { "x-api-key": "k".repeat(8192) }],
  ["a key that is not ASCII", { "x-api-key": "schl\u00fcssel" }],
] as const) {
  faultTest(`[row 71] ${what}`, async (stage) => {
    expect(await statusesOf(stage, headers)).toEqual([
      "401 authentication_error",
      "401 authentication_error",
      "204",
      "200",
      "200",
      "200",
      ...paths.slice(6).map(() => "401 authentication_error"),
    ]);
    expect(stage.upstream.requests.length).toBe(1);
  });
}

faultTest("[row 68 71] paths and methods, with the key in either header", async (stage) => {
  stage.upstream.respondWith(() => json(completionOf({ text: "hello" })));
  const expected = ["200", "200", "204", "200", "200", "200", "204", "405 invalid_request_error"];
  const unknown = ["404 not_found_error", "404 not_found_error", "404 not_found_error"];
  const same = ["200", "200"];
  expect(await statusesOf(stage, {})).toEqual([...expected, ...unknown, ...same]);
  const bearer = { "x-api-key": "other", authorization: `Bearer ${canaries.clientKey}` };
  expect(await statusesOf(stage, bearer)).toEqual([...expected, ...unknown, ...same]);
});

faultTest("[row 68] HEAD is GET without its body", async ({ proxy, noteRequest }) => {
  noteRequest();
  const response = await fetch(`${proxy.url}/health`, { method: "HEAD" });
  expect([response.status, await response.text()]).toEqual([200, ""]);
});
