import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { describePage, waitForValue } from "../dashboard/support/browser.ts";
import { type Night, startNight, usageOf } from "../dashboard/support/night.ts";

const keys = {
  all: "all-canary-0123456789",
  "web-team": "web-canary-0123456789",
  batch: "batch-canary-0123456789",
};

const clientsOfFile = `
clients:
  web-team: { key: ${keys["web-team"]} }
  batch: { key: ${keys.batch} }
`;

describePage("the page of a program with keys", (pages) => {
  let night: Night;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    night = await startNight({ settings: { PROXY_API_KEY: keys.all }, file: clientsOfFile });
    for (const [name, key] of Object.entries(keys)) {
      night.key = key;
      ids[name] = await night.turn("hello", { text: "hello", usage: usageOf(100, 0, 10) });
    }
  }, 60_000);

  afterAll(() => night?.[Symbol.asyncDispose]());

  /** The link that `claude-proxy dashboard` prints. */
  async function askForLink(client: string | null): Promise<string> {
    const { home, port } = night.program;
    const main = join(import.meta.dir, "../../src/main.ts");
    const flags = ["--no-open", "--port", String(port), ...(client === null ? [] : ["--client", client])];
    const command = Bun.spawn([process.execPath, "--no-env-file", main, "dashboard", ...flags], {
      cwd: home,
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: home,
        CONFIG_FILE: join(home, "config.yaml"),
        PROXY_API_KEY: keys.all,
      },
      stdout: "pipe",
      stderr: "pipe",
    });
    const [printed, said] = await Promise.all([command.stdout.text(), command.stderr.text()]);
    expect([await command.exited, said]).toEqual([0, "The link works for one minute, and once.\n"]);
    return printed.trim();
  }

  test("shows nothing without a session", async () => {
    const page = await pages.open();
    await page.goto(`${night.program.url}/dashboard`);
    await page.getByText("claude-proxy dashboard").first().waitFor();
    const api = await page.request.get(`${night.program.url}/dashboard/api/requests`);
    const answer: unknown = JSON.parse(await api.text());
    expect([api.status(), answer]).toEqual([
      401,
      {
        type: "error",
        error: { type: "authentication_error", message: expect.any(String) },
        request_id: expect.any(String),
      },
    ]);
  });

  test.each([
    ["PROXY_API_KEY", null, ["batch", "web-team", "all"]],
    ["a client", "web-team", ["web-team"]],
  ] as const)(
    "the link with the key of %s works once, and shows what it may see",
    async (_, client, seen) => {
      const link = await askForLink(client);
      const page = await pages.open();
      await page.goto(link);
      const readIds = () =>
        page.locator(".entry").evaluateAll((rows) => rows.map((row) => row.getAttribute("data-id") ?? ""));
      await waitForValue(
        readIds,
        seen.map((name) => ids[name]),
      );
      expect(page.url()).toBe(`${night.program.url}/dashboard`);
      const cookies = await page.context().cookies();
      expect(cookies.map(({ httpOnly, sameSite, path }) => [httpOnly, sameSite, path])).toEqual([
        [true, "Strict", "/dashboard"],
      ]);
      for (const [name, id] of Object.entries(ids)) {
        const isSeen = seen.some((one) => one === name);
        await page.goto(`${night.program.url}/dashboard#/requests/${id}`);
        await page.getByText(isSeen ? "Why this model" : "id: no request is recorded under it").waitFor();
      }

      const later = await pages.open();
      expect((await later.goto(link))?.status()).toBe(401);
    },
  );
});
