import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildClientCurl, buildUpstreamCurl } from "../../src/record/build-curl.ts";
import type { RecordedBody } from "../../src/record/recorded-request.ts";
import { recordedRequest } from "../support/record-rows.ts";

const body = (
  name: RecordedBody["name"],
  text: string,
  members: Partial<RecordedBody> = {},
): RecordedBody => ({
  name,
  send: 1,
  head: null,
  text,
  bytes: text.length,
  isCut: false,
  ...members,
});

const exchange = (...bodies: readonly RecordedBody[]) => ({ request: recordedRequest(), bodies });

test("the command reads like this", () => {
  const head = {
    url: "https://openrouter.ai/api/v1/chat/completions",
    headers: {
      "content-type": "application/json",
      authorization: "Bearer $UPSTREAM_KEY",
      "cf-id": "$HEADER",
    },
  };
  expect(buildUpstreamCurl(exchange(body("upstream-request", '{"model":"glm"}', { head })))).toBe(
    `curl -sS --globoff --no-buffer --url 'https://openrouter.ai/api/v1/chat/completions' \\
  -H 'content-type: application/json' \\
  -H @/dev/fd/3 \\
  --data-binary @- 3<<KEY <<'BODY'
authorization: Bearer $UPSTREAM_KEY
cf-id: $CF_ID
KEY
{"model":"glm"}
BODY
`,
  );
});

test("what was not kept as a whole cannot be sent again", () => {
  const head = { url: "http://127.0.0.1/", headers: {} };
  expect(buildUpstreamCurl(exchange())).toBeNull();
  expect(buildUpstreamCurl(exchange(body("upstream-request", "{}")))).toBeNull();
  expect(buildUpstreamCurl(exchange(body("upstream-request", "{", { head, isCut: true })))).toBeNull();
  expect(buildClientCurl(exchange(), "http://127.0.0.1:8080")).toBeNull();
});

/** Texts that mean something to a shell, or to curl. */
const hostile = [
  '{"a":1}',
  '{"a":"$(touch FILE) `touch FILE` $\u007bHOME} $UPSTREAM_KEY !! \\\\ \' \\""}\n',
  "BODY\nBODY_1\n'\nKEY\ntouch FILE",
  "@/etc/passwd",
  "'; touch FILE; '",
  "äöü 😀\u001b[2J\r\n\ttab",
  "",
  `{"long":"${"x".repeat(300_000)}"}`,
];

test.skipIf(process.platform === "win32").each(hostile)(
  "a shell sends exactly what was sent: %j",
  async (text) => {
    const folder = mkdtempSync(join(tmpdir(), "build-curl-"));
    const received: { body: string; headers: Headers; path: string }[] = [];
    using server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      async fetch(request) {
        received.push({
          body: await request.text(),
          headers: request.headers,
          path: new URL(request.url).pathname,
        });
        return new Response("answered");
      },
    });
    const safe = text.replaceAll("FILE", join(folder, "touched"));
    const url = `http://127.0.0.1:${server.port}`;
    const head = {
      url: `${url}/v1/it's{a,b}`,
      headers: {
        "content-type": "application/json",
        authorization: "Bearer $UPSTREAM_KEY",
        "x-title": "it's $(touch FILE) `x`".replace("FILE", join(folder, "touched")),
        "cf-id": "$HEADER",
        "@/etc/passwd": "x",
        "x-two": "a\r\nb: c",
      },
    };
    const recorded = exchange(body("upstream-request", safe, { head }), body("client-request", safe));
    const commands = [buildUpstreamCurl(recorded), buildClientCurl(recorded, url)];
    for (const command of commands) {
      const script = join(folder, "command.sh");
      writeFileSync(script, command ?? "");
      const child = Bun.spawn(["sh", script], {
        env: {
          PATH: process.env["PATH"] ?? "",
          UPSTREAM_KEY: "canary-$(id)`id`\\n",
          PROXY_API_KEY: "canary-proxy",
          CF_ID: "canary-cf",
        },
        stdout: "pipe",
        stderr: "pipe",
      });
      expect([await new Response(child.stdout).text(), await new Response(child.stderr).text()]).toEqual([
        "answered",
        "",
      ]);
    }
    const [upstream, client] = received;
    expect(upstream?.body).toBe(safe.endsWith("\n") ? safe : `${safe}\n`);
    expect(client?.body).toBe(upstream?.body ?? "");
    expect([upstream?.path, client?.path]).toEqual(["/v1/it's%7Ba,b%7D", "/v1/messages"]);
    const headers = ["content-type", "authorization", "x-title", "cf-id", "x-two", "b"];
    expect(headers.map((name) => upstream?.headers.get(name) ?? null)).toEqual([
      "application/json",
      "Bearer canary-$(id)`id`\\n",
      head.headers["x-title"],
      "canary-cf",
      null,
      null,
    ]);
    expect(client?.headers.get("x-api-key")).toBe("canary-proxy");
    expect(existsSync(join(folder, "touched"))).toBe(false);
    rmSync(folder, { recursive: true, force: true });
  },
);
