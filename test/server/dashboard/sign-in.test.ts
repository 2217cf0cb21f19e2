import { afterEach, expect, setSystemTime, spyOn, test } from "bun:test";
import { askForPath, cookieOf, openSession } from "../../support/dashboard-session.ts";
import { clientSettings, createFileConfig, upstreamSettings } from "../../support/file-config.ts";
import { readFailure, startPair } from "../../support/start-pair.ts";

const key = "canary-client-key-0123456789";
const keyed = { settings: { proxyApiKey: key } };
/** Two clients with keys of their own. */
const named = {
  fileOf: (baseUrl: string) =>
    createFileConfig({
      upstreams: [upstreamSettings("desk", baseUrl)],
      clients: [clientSettings("web-team"), clientSettings("night-batch")],
    }),
};

afterEach(() => void setSystemTime());

const statusOf = async (url: string, cookie: string) =>
  (await fetch(`${url}/dashboard/api/now`, { headers: { cookie } })).status;

const entryStatus = async (url: string, path: string) =>
  (await fetch(`${url}${path}`, { redirect: "manual" })).status;

test("a proxy without client keys shows all to everybody who reaches it", async () => {
  await using pair = await startPair();
  const { url } = pair.proxy;
  expect(await askForPath(url, "")).toBe("/dashboard");
  expect((await fetch(`${url}/dashboard`)).status).toBe(200);
  expect((await fetch(`${url}/dashboard/api/now`)).status).toBe(200);
});

test("a code becomes a strict session cookie, and leads to an address without the code", async () => {
  await using pair = await startPair(keyed);
  const { url } = pair.proxy;
  const path = await askForPath(url, key);
  expect(path).toMatch(/^\/dashboard\/enter\?code=[\w-]{43}$/);
  const entered = await fetch(`${url}${path}`, { redirect: "manual" });
  expect([entered.status, entered.headers.get("location"), await entered.text()]).toEqual([
    303,
    "/dashboard",
    "",
  ]);
  expect(entered.headers.getSetCookie()).toEqual([
    expect.stringMatching(
      /^claude_proxy_dashboard=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/dashboard; Max-Age=43200$/,
    ),
  ]);
  const cookie = cookieOf(entered);
  expect(await statusOf(url, cookie)).toBe(200);
  const page = await fetch(`${url}/dashboard`, { headers: { cookie: `other=1; ${cookie}` } });
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<div id="page">')]);
});

test("without a session the page says what to run, and the API refuses", async () => {
  await using pair = await startPair(keyed);
  const { url } = pair.proxy;
  for (const cookie of ["", "claude_proxy_dashboard=", "claude_proxy_dashboard=canary", `other=${key}`]) {
    const page = await fetch(`${url}/dashboard`, { headers: { cookie } });
    const text = await page.text();
    expect([page.status, page.headers.get("content-type")]).toEqual([401, "text/html; charset=utf-8"]);
    expect(text).toContain("<code>claude-proxy dashboard</code>");
    expect(text).not.toContain("page.js");
    for (const path of ["now", "upstreams"]) {
      const refused = await fetch(`${url}/dashboard/api/${path}`, { headers: { cookie } });
      expect(await readFailure(refused)).toEqual([
        401,
        "authentication_error",
        "dashboard: no session, or it is over. Run `claude-proxy dashboard`, or send the key of a client.",
      ]);
    }
  }
});

test("a link needs a key, and a session is none", async () => {
  await using pair = await startPair(keyed);
  const { url } = pair.proxy;
  const cookie = await openSession(url, key);
  for (const headers of [{}, { cookie }, { "x-api-key": "canary-wrong" }] as Record<string, string>[]) {
    const response = await fetch(`${url}/dashboard/link`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
    });
    expect((await readFailure(response)).slice(0, 2)).toEqual([401, "authentication_error"]);
  }
  expect((await pair.post({}, { headers: { cookie } })).status).toBe(401);
});

test("a script may send the key itself", async () => {
  await using pair = await startPair(keyed);
  for (const headers of [{ "x-api-key": key }, { authorization: `Bearer ${key}` }] as Record<
    string,
    string
  >[]) {
    expect((await fetch(`${pair.proxy.url}/dashboard/api/now`, { headers })).status).toBe(200);
  }
});

test("a code works once, and only for who opens it", async () => {
  await using pair = await startPair(keyed);
  const { url } = pair.proxy;
  const path = await askForPath(url, key);
  // What looks at a link first, as the preview of a chat does, uses nothing up.
  expect((await fetch(`${url}${path}`, { method: "HEAD" })).status).toBe(401);
  expect(await entryStatus(url, path)).toBe(303);
  const again = await fetch(`${url}${path}`, { redirect: "manual" });
  expect([again.status, cookieOf(again)]).toEqual([401, ""]);
  expect(await again.text()).toContain("<code>claude-proxy dashboard</code>");
});

test("a code that is used leaves the others", async () => {
  await using pair = await startPair(keyed);
  const { url } = pair.proxy;
  const [first, second] = [await askForPath(url, key), await askForPath(url, key)];
  expect([await entryStatus(url, first), await entryStatus(url, second)]).toEqual([303, 303]);
});

test("a code is no session, and the token of a session no code", async () => {
  await using pair = await startPair(keyed);
  const { url } = pair.proxy;
  const path = await askForPath(url, key);
  const code = path.split("code=")[1] ?? "";
  expect(await statusOf(url, `claude_proxy_dashboard=${code}`)).toBe(401);
  const token = (await openSession(url, key)).split("=")[1] ?? "";
  expect(await entryStatus(url, `/dashboard/enter?code=${token}`)).toBe(401);
});

test("a code is valid for 60 seconds", async () => {
  await using pair = await startPair(keyed);
  const { url } = pair.proxy;
  const startMs = Date.now();
  setSystemTime(startMs);
  const [inTime, late] = [await askForPath(url, key), await askForPath(url, key)];
  setSystemTime(startMs + 59_999);
  expect(await entryStatus(url, inTime)).toBe(303);
  setSystemTime(startMs + 60_000);
  expect(await entryStatus(url, late)).toBe(401);
});

test("a session is over after 12 hours", async () => {
  await using pair = await startPair(keyed);
  const { url } = pair.proxy;
  const startMs = Date.now();
  setSystemTime(startMs);
  const cookie = await openSession(url, key);
  setSystemTime(startMs + 43_200_000 - 1);
  expect(await statusOf(url, cookie)).toBe(200);
  setSystemTime(startMs + 43_200_000);
  expect(await statusOf(url, cookie)).toBe(401);
});

test("a client's sessions and codes end when its key is changed or removed; those of others go on", async () => {
  await using pair = await startPair(named);
  const { url } = pair.proxy;
  const file = named.fileOf(pair.upstream.baseUrl);
  const [web, night] = [
    await openSession(url, "web-team-client-key"),
    await openSession(url, "night-batch-client-key"),
  ];
  const code = await askForPath(url, "web-team-client-key");
  const statuses = async () => [await statusOf(url, web), await statusOf(url, night)];
  expect(await statuses()).toEqual([200, 200]);
  const changed = clientSettings("web-team", { key: "canary-other-key-0123456789" });
  await pair.proxy.reconfigure({ file: { ...file, clients: [changed, clientSettings("night-batch")] } });
  expect(await statuses()).toEqual([401, 200]);
  expect(await entryStatus(url, code)).toBe(401);
  await pair.proxy.reconfigure({ file: { ...file, clients: [clientSettings("web-team")] } });
  expect(await statuses()).toEqual([200, 401]);
});

test("sessions and codes are bounded: of one client the oldest go, and others keep theirs", async () => {
  await using pair = await startPair(named);
  const { url } = pair.proxy;
  const night = await openSession(url, "night-batch-client-key");
  const web: string[] = [];
  for (let count = 0; count < 11; count += 1) web.push(await openSession(url, "web-team-client-key"));
  const statuses = await Promise.all([night, ...web].map((cookie) => statusOf(url, cookie)));
  expect(statuses).toEqual([200, 401, ...Array.from({ length: 10 }, () => 200)]);
});

test("tokens are compared in constant time, on digests, and with all that there are", async () => {
  await using pair = await startPair(keyed);
  const { url } = pair.proxy;
  const cookie = await openSession(url, key);
  await openSession(url, key);
  const compare = spyOn(crypto, "timingSafeEqual");
  const lengths: number[][][] = [];
  for (const token of ["", "c", cookie.split("=")[1] ?? "", "c".repeat(4000)]) {
    compare.mockClear();
    await statusOf(url, `claude_proxy_dashboard=${token}`);
    lengths.push(compare.mock.calls.map((digests) => digests.map(({ byteLength }) => byteLength)));
  }
  compare.mockRestore();
  const two = [
    [32, 32],
    [32, 32],
  ];
  // The right one is followed by the comparison of its client's key.
  expect(lengths).toEqual([two, two, [...two, [32, 32]], two]);
});

test("neither a code nor a token nor a key is in the log or in an answer", async () => {
  await using pair = await startPair(keyed);
  const { url, records, complaints, notes } = pair.proxy;
  const path = await askForPath(url, key);
  const cookie = cookieOf(await fetch(`${url}${path}`, { redirect: "manual" }));
  await fetch(`${url}${path}`);
  const said = await Promise.all(
    ["", "/page.js", "/api/now", "/api/upstreams", "/nothing"].map(async (place) =>
      (await fetch(`${url}/dashboard${place}`, { headers: { cookie } })).text(),
    ),
  );
  const all = JSON.stringify([said, records, complaints, notes]);
  for (const secret of [key, "sk-upstream-key", path.split("code=")[1], cookie.split("=")[1]]) {
    expect(all).not.toContain(secret ?? "missing");
  }
});

test("what an open page asks is in no log, nor that it may not; what another page asks is, and who has no key", async () => {
  await using pair = await startPair(keyed);
  const { url, records } = pair.proxy;
  const headers = { "x-api-key": key };
  for (const path of ["", "/api/now", "/api/requests?filter=stat:", "/nothing"]) {
    await fetch(`${url}/dashboard${path}`, { headers });
    await fetch(`${url}/dashboard${path}`);
  }
  expect(records).toEqual([]);
  await fetch(`${url}/dashboard/api/now`, { headers: { ...headers, "sec-fetch-site": "cross-site" } });
  await fetch(`${url}/dashboard/link`, {
    method: "POST",
    headers: { "content-type": "application/json" },
  });
  expect(records.map(({ path, status }) => [path, status])).toEqual([
    ["/dashboard/api/now", 403],
    ["/dashboard/link", 401],
  ]);
});
