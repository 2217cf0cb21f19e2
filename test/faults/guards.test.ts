import { expect } from "bun:test";
import { completionOf } from "../support/chunks.ts";
import { json } from "../support/reply.ts";
import { soonMs } from "../support/soon-ms.ts";
import { hello } from "../support/start-pair.ts";
import { faultTest } from "./fault-test.ts";
import { connectRaw } from "./raw-client.ts";
import { listRoutes } from "./routes.ts";
import { canaries } from "./scene.ts";
import type { Stage } from "./stage.ts";

const routes = listRoutes();

/** Every route of the server, and paths and methods it does not know: the guards stand before all of them. */
const paths: readonly (readonly [method: string, path: string])[] = [
  ...routes.map(({ method, path }) => [method, path] as const),
  ...routes.filter(({ method }) => method === "PUT").map(({ path }) => ["OPTIONS", path] as const),
  ...routes.filter(({ method }) => method === "GET").map(({ path }) => ["HEAD", path] as const),
  ["HEAD", "/v1/messages"],
  ["GET", "/v1/nothing"],
  ["POST", "/v1/nothing"],
  ["POST", "//v1/messages"],
  ["POST", "/v1/%6dessages"],
  ["POST", "/v1/../v1/messages"],
  ["POST", "/%2e/v1/messages"],
  ["POST", "/health/%2e%2e/v1/messages"],
  ["POST", "/health/..%2fv1/messages"],
  ["GET", "/health/%2e%2e/v1/models"],
];

/** Which paths tell nothing and cost nothing. */
const openPaths = ["/", "/health", "/ready", "/api/hello", "/api/event_logging/batch"];

const text = JSON.stringify(hello);

/** Sends one request to every path; gives each answer's status, with no CORS header in any of them. */
async function statusesOf(
  stage: Stage,
  changed: Record<string, string | string[] | null>,
): Promise<Record<string, string>> {
  const statuses: Record<string, string> = {};
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
    const body = method === "POST" ? text : "";
    const client = await connectRaw(
      stage.proxy.port,
      `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body}`,
    );
    const answer = (await client.closed(2 * soonMs)) ?? "open";
    expect(answer.toLowerCase()).not.toContain("access-control");
    // Not the failure of another request, of which `/status` tells.
    const type = /"error":\{"type":"(\w+_error)"/.exec(answer)?.[1] ?? "";
    const status = answer.slice(9, 12);
    if (!path.startsWith("/dashboard") || isLogged(method, Number(status))) stage.noteRequest();
    statuses[`${method} ${path}`] = `${status} ${type}`.trim();
  }
  return statuses;
}

/** What an open page of the dashboard asks is in no log, unless it may have been another page. */
function isLogged(method: string, status: number): boolean {
  return method === "GET" || method === "HEAD" ? status === 403 : status >= 400;
}

/** What each path says; an answer to HEAD has no body that could name the error. */
function everywhere(status: string | ((method: string, path: string) => string)): Record<string, string> {
  const said = paths.map(([method, path]) => {
    const words = typeof status === "string" ? status : status(method, path);
    return [`${method} ${path}`, method === "HEAD" ? words.slice(0, 3) : words];
  });
  return Object.fromEntries(said);
}

/** What is said to whoever may ask. */
function withTheKey(method: string, path: string): string {
  if (path.includes("nothing") || path.includes("%2f")) return "404 not_found_error";
  if (method === "OPTIONS") return "204";
  if (method === "PUT" || (method === "HEAD" && path === "/v1/messages")) return "405 invalid_request_error";
  // Its code is missing.
  if (path === "/dashboard/enter") return "401";
  if (path === "/dashboard/api/requests/big-model") return "404 not_found_error";
  return path === "/api/event_logging/batch" ? "204" : "200";
}

/** What is said to whoever has no key. */
function withoutKey(method: string, path: string): string {
  const isFile = path === "/dashboard/page.js" || path === "/dashboard/page.css";
  // They have checks of their own, where they are asked as they can be.
  const isChecked = path.startsWith("/dashboard") && path !== "/dashboard/link";
  if (openPaths.includes(path) || isFile) return withTheKey(method, path);
  if (!isChecked) return "401 authentication_error";
  if (method === "OPTIONS" || method === "PUT") return withTheKey(method, path);
  return path.startsWith("/dashboard/api/") ? "401 authentication_error" : "401";
}

const port = (stage: Stage) => stage.proxy.port;

for (const [what, host] of [
  ["another name", () => "evil.example"],
  ["another port", () => "127.0.0.1:1"],
  ["a name that begins like ours", () => "127.0.0.1.evil.example"],
  ["a name behind a user", () => "127.0.0.1@evil.example"],
  ["a name behind our own address", (stage) => `127.0.0.1:${port(stage)}@evil.example`],
  ["the unspecified address", () => "0.0.0.0"],
  ["the unspecified address with our port", (stage) => `0.0.0.0:${port(stage)}`],
  ["the address as a number", () => "2130706433"],
  ["the address as a number with our port", (stage) => `2130706433:${port(stage)}`],
  ["nothing", () => ""],
] as [string, (stage: Stage) => string][]) {
  faultTest(`[row 69] a Host that is ${what}`, async (stage) => {
    expect(await statusesOf(stage, { host: host(stage) })).toEqual(everywhere("403 permission_error"));
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
    stage.upstream.respondWith(() => json(completionOf({ text: "hello" })));
    expect(await statusesOf(stage, { host: "proxy.example" })).toEqual(everywhere(withTheKey));
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
    const refused = (method: string, path: string) =>
      method === "POST" ? "415 invalid_request_error" : withTheKey(method, path);
    expect(await statusesOf(stage, { "content-type": type })).toEqual(everywhere(refused));
    // The list of models, which may be read, asks for the upstream's own.
    expect(stage.upstream.requests.filter(({ method }) => method === "POST").length).toBe(1);
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
    expect(await statusesOf(stage, headers)).toEqual(everywhere(withoutKey));
    expect(stage.upstream.requests.length).toBe(1);
  });
}

for (const [what, headers] of [
  ["in x-api-key", {}],
  [
    "as a bearer token beside another x-api-key",
    { "x-api-key": "other", authorization: `Bearer ${canaries.clientKey}` },
  ],
  ["in x-api-key beside another bearer token", { authorization: "Bearer other" }],
] as const) {
  faultTest(`[row 68 71] paths and methods, with the key ${what}`, async (stage) => {
    stage.upstream.respondWith(() => json(completionOf({ text: "hello" })));
    expect(await statusesOf(stage, headers)).toEqual(everywhere(withTheKey));
  });
}

faultTest("[row 71] a key of 1 MB is more than a head may have", async (stage) => {
  const key = "k".repeat(1024 * 1024);
  for (const header of [`x-api-key: ${key}`, `authorization: Bearer ${key}`]) {
    const client = await connectRaw(
      port(stage),
      `GET /v1/models HTTP/1.1\r\nhost: 127.0.0.1:${port(stage)}\r\n${header}\r\n\r\n`,
    );
    expect(await client.closed(2 * soonMs)).toStartWith("HTTP/1.1 431 ");
  }
  expect(stage.upstream.requests.length).toBe(1);
});

faultTest("[row 68] HEAD is GET without its body", async ({ proxy, noteRequest }) => {
  noteRequest();
  const response = await fetch(`${proxy.url}/health`, { method: "HEAD" });
  expect([response.status, await response.text()]).toEqual([200, ""]);
});
