import { expect, test } from "bun:test";
import { type Browser, chromium } from "playwright-core";
import { browserSwitches } from "../../dashboard/support/browser.ts";
import { askForPath } from "../../support/dashboard-session.ts";
import { startPair } from "../../support/start-pair.ts";

const program = ["chromium", "chromium-browser", "google-chrome"]
  .map((name) => Bun.which(name))
  .find((path) => path !== null);

const key = "canary-client-key-0123456789";
const keyed = { settings: { proxyApiKey: key } };

async function launch(): Promise<Browser> {
  return await chromium.launch({ executablePath: program ?? "", args: [...browserSwitches] });
}

/** Without the view that the page shows. */
const addressOf = (url: string) => url.replace(/#.*/, "");

// What a browser sends with a request, no other client does: `Origin` with some scripts, cookies by their rules.
test.skipIf(program === undefined)(
  "a real browser enters with a link, keeps the session, and its page breaks no policy",
  async () => {
    await using pair = await startPair(keyed);
    const { url } = pair.proxy;
    const path = await askForPath(url, key);
    await using browser = await launch();
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    const answers: [number, string][] = [];
    page.on("response", (response) => {
      const { pathname } = new URL(response.url());
      if (!pathname.startsWith("/dashboard/api/")) answers.push([response.status(), pathname]);
    });
    const asked = page.waitForResponse((response) => response.url().includes("/dashboard/api/now"));
    await page.goto(`${url}${path}`);
    expect((await asked).status()).toBe(200);
    expect(answers.slice(0, 2)).toEqual([
      [303, "/dashboard/enter"],
      [200, "/dashboard"],
    ]);
    expect(answers.slice(2).toSorted()).toEqual([
      [200, "/dashboard/page.css"],
      [200, "/dashboard/page.js"],
    ]);
    expect([addressOf(page.url()), await page.evaluate("document.cookie")]).toEqual([`${url}/dashboard`, ""]);
    expect((await page.reload())?.status()).toBe(200);
    expect(complaints).toEqual([]);
  },
);

test.skipIf(program === undefined)(
  "a real browser opens no link of another site, which stays valid, and shows the page in no frame",
  async () => {
    await using pair = await startPair(keyed);
    const { url } = pair.proxy;
    const path = await askForPath(url, key);
    using other = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: () =>
        new Response(`<a href="${url}${path}">here</a><iframe src="${url}/dashboard"></iframe>`, {
          headers: { "content-type": "text/html" },
        }),
    });
    await using browser = await launch();
    const page = await browser.newPage();
    const framed = page.waitForResponse(`${url}/dashboard`);
    await page.goto(`http://localhost:${other.port}/`);
    expect((await framed).status()).toBe(403);
    const clicked = page.waitForResponse((response) => response.url().includes("/dashboard/enter"));
    await page.click("a");
    expect((await clicked).status()).toBe(403);
    const entered = await page.goto(`${url}${path}`);
    expect(addressOf(entered?.url() ?? "")).toBe(`${url}/dashboard`);
  },
);
