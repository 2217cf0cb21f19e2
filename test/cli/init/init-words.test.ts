import { expect, test } from "bun:test";
import { join } from "node:path";
import { status } from "../../support/reply.ts";
import { createInitHome } from "./run-init.ts";
import { startModelServer } from "./start-model-server.ts";

const model = ["--yes", "--no-try", "--big-model", "vendor/big-1"];

test("the last line is the next command, with the files that it has to be told", async () => {
  using home = createInitHome();
  await using upstream = await startModelServer();
  const flags = [...model, "--upstream", upstream.baseUrl];
  expect((await home.run(flags)).out).toEndWith("\nNext: npm start\n");
  const other = join(home.home, "other", "my.env");
  const shown = process.platform === "win32" ? other : "~/other/my.env";
  const { out } = await home.run([...flags, "--env-file", other]);
  expect(out).toEndWith(`\nNext: npm start -- --env-file ${shown}\n`);
  // Longer than a line of the terminal.
  const blank = join(home.home, "my own", "project ".repeat(12).trim(), ".env");
  const quote = process.platform === "win32" ? '"' : "'";
  expect((await home.run([...flags, "--env-file", blank])).out).toEndWith(
    `\nNext: npm start -- --env-file ${quote}${blank}${quote}\n`,
  );
});

test("an address may leave out its scheme, and the path at which a server has its API", async () => {
  await using upstream = await startModelServer();
  const { host, origin } = new URL(upstream.baseUrl);
  for (const address of [host, `${host}/v1`, origin, `${origin}/`]) {
    using home = createInitHome();
    expect((await home.run([...model, "--upstream", address])).exitCode).toBe(0);
    expect(home.read(".env")).toContain(`\nBASE_URL=${origin}/v1\n`);
  }
});

test("a server that has its API at no path keeps its address", async () => {
  using home = createInitHome();
  await using upstream = await startModelServer();
  upstream.respondWith(() => status(404, {}));
  const { origin } = new URL(upstream.baseUrl);
  expect((await home.run([...model, "--upstream", origin])).exitCode).toBe(0);
  expect(home.read(".env")).toContain(`\nBASE_URL=${origin}\n`);
});

test("the place of a key is looked up before anything is asked", async () => {
  using home = createInitHome();
  await using upstream = await startModelServer();
  const flags = [...model, "--upstream", upstream.baseUrl];
  const env = await home.run([...flags, "--key-env", "NO_SUCH_KEY"]);
  expect(env).toEqual({
    exitCode: 2,
    out: "",
    err: "--key-env NO_SUCH_KEY: the environment has no such variable, and neither has the .env file.\n",
  });
  const file = await home.run([...flags, "--key-file", "none"]);
  expect(file).toEqual({ exitCode: 2, out: "", err: "--key-file none: there is no such file.\n" });
  expect(upstream.requests).toEqual([]);
  home.write(".env", "NO_SUCH_KEY=sk-canary-0123456789\n");
  expect((await home.run([...flags, "--key-env", "NO_SUCH_KEY"])).exitCode).toBe(0);
  expect(upstream.requests[0]?.headers["authorization"]).toBe("Bearer sk-canary-0123456789");
});

test("files that are not there or may not be read are told of without the system's words", async () => {
  using home = createInitHome();
  const { exitCode, err } = await home.run(["--yes", "--from", "none.json"]);
  expect([exitCode, err.replace(/^.*none\.json/, "none.json")]).toEqual([
    2,
    "none.json cannot be read: there is no such file\n",
  ]);
});
