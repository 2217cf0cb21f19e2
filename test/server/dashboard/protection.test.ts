import { expect, test } from "bun:test";
import { startPair } from "../../support/start-pair.ts";

/** What every answer below `/dashboard` carries. */
const protection = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; " +
    "trusted-types 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy":
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), " +
    "microphone=(), midi=(), payment=(), publickey-credentials-get=(), serial=(), usb=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

function protectionOf({ headers }: Response): Record<string, string | null> {
  return Object.fromEntries(Object.keys(protection).map((name) => [name, headers.get(name)]));
}

for (const [what, path, init, status] of [
  ["the page", "/dashboard", {}, 200],
  ["its other address", "/dashboard/", {}, 200],
  ["the script", "/dashboard/page.js", {}, 200],
  ["the styles", "/dashboard/page.css", {}, 200],
  ["the head alone", "/dashboard", { method: "HEAD" }, 200],
  ["what runs", "/dashboard/api/now", {}, 200],
  ["a link", "/dashboard/link", { method: "POST", headers: { "content-type": "application/json" } }, 200],
  ["a code that is none", "/dashboard/enter?code=canary", {}, 401],
  ["a path that does not exist", "/dashboard/nothing", {}, 404],
  ["another method", "/dashboard", { method: "DELETE" }, 405],
  ["another method of the API", "/dashboard/api/now", { method: "PATCH" }, 405],
  ["a question of the methods", "/dashboard/api/now", { method: "OPTIONS" }, 204],
  ["a page of another site", "/dashboard/api/now", { headers: { "sec-fetch-site": "cross-site" } }, 403],
  ["a page of a sister site", "/dashboard", { headers: { "sec-fetch-site": "same-site" } }, 403],
  ["a page with an origin", "/dashboard/api/now", { headers: { origin: "http://evil.example" } }, 403],
  ["another Host", "/dashboard", { headers: { host: "evil.example" } }, 403],
] as [string, string, RequestInit, number][]) {
  test(`every header that protects the page is on the answer to ${what}`, async () => {
    await using pair = await startPair();
    const response = await fetch(`${pair.proxy.url}${path}`, init);
    expect([response.status, protectionOf(response)]).toEqual([status, protection]);
    expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
}

test.each(["same-origin", "none"])("a browser's own request is answered: Sec-Fetch-Site %s", async (site) => {
  await using pair = await startPair();
  const headers = { "sec-fetch-site": site };
  expect((await fetch(`${pair.proxy.url}/dashboard/api/now`, { headers })).status).toBe(200);
});

test("other answers of the server are as they were", async () => {
  await using pair = await startPair();
  const response = await fetch(`${pair.proxy.url}/health`);
  expect(new Set(Object.values(protectionOf(response)))).toEqual(new Set([null]));
});

test("the page has no code and no style of its own, which its policy would refuse", async () => {
  await using pair = await startPair({ settings: { proxyApiKey: "canary-key-0123456789" } });
  const pages = await Promise.all(
    [{ "x-api-key": "canary-key-0123456789" }, {}].map(async (headers: Record<string, string>) =>
      (await fetch(`${pair.proxy.url}/dashboard`, { headers })).text(),
    ),
  );
  for (const page of pages) {
    expect(page).not.toMatch(
      /<style|style=|\son\w+=|javascript:|<script(?![^>]* src="\/dashboard\/page\.js")/,
    );
    // Nor does it load anything from elsewhere.
    expect([...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, to]) => to)).toEqual(
      expect.arrayContaining(["data:,", "/dashboard/page.css"]),
    );
    expect(page).not.toMatch(/https?:/);
  }
});
