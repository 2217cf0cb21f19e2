import { expect, test } from "bun:test";
import fc from "fast-check";
import { naughtyTexts } from "../faults/naughty-texts.ts";
import { recordedRequest } from "../support/record-rows.ts";
import { startRecorded } from "../support/start-recorded.ts";

/** Each case is a request to a server. */
const runs = Math.min(300, Number(process.env["FUZZ_RUNS"] ?? 300));
const seed = process.env["FUZZ_SEED"];
const options = { numRuns: runs, ...(seed === undefined ? {} : { seed: Number(seed) }) };

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom(...naughtyTexts.filter(({ length }) => length < 300)),
  fc.constantFrom(
    "req_",
    "req_%",
    "' or 1=1 --",
    "status:",
    "cost:>1e999",
    "since:9e99d",
    '"',
    "body:*",
    "../..",
  ),
  fc.integer().map(String),
  fc.tuple(fc.integer(), fc.integer()).map(String),
);
const encode = (value: string) => encodeURIComponent(value.toWellFormed());
const question = fc.oneof(
  text.map((id) => `/dashboard/api/requests/${encode(id)}`),
  fc
    .tuple(
      fc.constantFrom("requests", "usage", "sessions", "now", "upstreams"),
      fc.array(fc.tuple(fc.constantFrom("filter", "limit", "before", "after", "by", "code"), text), {
        maxLength: 3,
      }),
    )
    .map(
      ([path, pairs]) =>
        `/dashboard/api/${path}?${pairs.map(([name, value]) => `${name}=${encode(value)}`).join("&")}`,
    ),
  text.map((query) => `/metrics?${encode(query)}`),
);

test("whatever is asked of the dashboard and the metrics is answered or refused in words", async () => {
  await using recorded = await startRecorded();
  recorded.rows.add(recordedRequest());
  await fc.assert(
    fc.asyncProperty(question, async (path) => {
      const response = await fetch(recorded.url + path);
      const body = await response.text();
      expect([path, [200, 400, 404].includes(response.status)]).toEqual([path, true]);
      expect(body).not.toMatch(/SQLITE|\bat .+\.ts:\d|canary/);
    }),
    options,
  );
}, 60_000);

test("no cookie and no code opens the dashboard but those that were given", async () => {
  await using recorded = await startRecorded({ proxyApiKey: "client-key-0123456789" });
  recorded.rows.add(recordedRequest());
  const printable = text.map((value) => value.replace(/[^\x20-\x7e]/g, "?").trim());
  await fc.assert(
    fc.asyncProperty(question, printable, printable, async (path, token, code) => {
      const headers = { cookie: `claude_proxy_dashboard=${token}`, "x-api-key": token };
      const [asked, entered] = await Promise.all([
        fetch(recorded.url + path, { headers }),
        fetch(`${recorded.url}/dashboard/enter?code=${encode(code)}`, { headers, redirect: "manual" }),
      ]);
      expect([path, asked.status]).toEqual([path, 401]);
      expect([code, entered.status, entered.headers.get("set-cookie")]).toEqual([code, 401, null]);
    }),
    options,
  );
}, 60_000);
