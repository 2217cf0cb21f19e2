import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePort } from "../../support/find-free-port.ts";

const root = join(import.meta.dir, "../../..");

let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "upgrade-"));
});

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

/** Runs the program as one that was built as this version; or from its source. */
async function upgrade(flags: readonly string[], version: string | null = "0.9.1") {
  const define = version === null ? [] : ["--define", `CLAUDE_PROXY_VERSION="${version}"`];
  const program = [process.execPath, "--no-env-file", ...define, join(root, "src/main.ts"), "upgrade"];
  const child = Bun.spawn([...program, ...flags], {
    env: { HOME: home },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { exitCode: await child.exited, out, err };
}

/** A page of a project, whose newest release is where `location` leads. */
function startPage(answer: () => Response) {
  const asked: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request) {
      asked.push(`${request.method} ${new URL(request.url).pathname} ${request.headers.get("cookie")}`);
      return answer();
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}/claude-proxy/claude-proxy`,
    host: `127.0.0.1:${server.port}`,
    asked,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

function leadTo(path: string) {
  return () => new Response(null, { status: 302, headers: { location: path } });
}

const way = (url: string) =>
  `put the program from ${url}/releases/latest in the place of ${process.execPath}`;

test.each(["0.9.2", "0.10.0", "1.0.0"])("a newer release, %s, is told with the way to it", async (newest) => {
  await using page = startPage(leadTo(`/claude-proxy/claude-proxy/releases/tag/v${newest}`));
  expect(await upgrade(["--check", "--from", page.url])).toEqual({
    exitCode: 10,
    out:
      `${newest} is out, this is 0.9.1. What is new: ${page.url}/releases/tag/v${newest}\n` +
      `To upgrade: ${way(page.url)}\nA proxy that runs stays as it is until it is restarted.\n`,
    err: "",
  });
  expect(page.asked).toEqual(["HEAD /claude-proxy/claude-proxy/releases/latest null"]);
});

test.each([
  ["0.9.1", "0.9.1"],
  ["0.10.0-rc.1", "0.9.9"],
  ["0.10.0", "0.9.9"],
])("%s is not older than %s", async (version, newest) => {
  await using page = startPage(leadTo(`https://elsewhere.example/a/b/releases/tag/${newest}`));
  expect(await upgrade(["--check", "--from", `${page.url}/`], version)).toEqual({
    exitCode: 0,
    out: `This is ${version}. The newest release is ${newest}: there is nothing to do.\n`,
    err: "",
  });
});

test("a version before its release is older than the release", async () => {
  await using page = startPage(leadTo("/a/b/releases/tag/v1.0.0"));
  expect((await upgrade(["--check", "--from", page.url], "1.0.0-rc.1")).exitCode).toBe(10);
});

test.each([
  ["has no release yet", leadTo("/claude-proxy/claude-proxy/releases"), "names no release (status 302)"],
  ["is not there", () => new Response("no", { status: 404 }), "names no release (status 404)"],
  ["names nonsense", leadTo("/a/b/releases/tag/v1.0.0%1b[31m"), "names no release (status 302)"],
])("a page that %s is no answer", async (_what, answer, fault) => {
  await using page = startPage(answer);
  expect(await upgrade(["--check", "--from", page.url])).toEqual({
    exitCode: 1,
    out: "",
    err: `It is not known whether there is a newer release: ${page.host} ${fault}. Look at ${page.url}/releases yourself.\n`,
  });
});

test("without a network it says so", async () => {
  const host = `127.0.0.1:${await findFreePort()}`;
  const { exitCode, err } = await upgrade(["--check", "--from", `http://${host}`]);
  expect([exitCode, err]).toEqual([
    1,
    `It is not known whether there is a newer release: ${host} cannot be reached (ECONNREFUSED). Look at http://${host}/releases yourself.\n`,
  ]);
});

test("a clone has no version to compare", async () => {
  await using page = startPage(leadTo("/a/b/releases/tag/v1.0.0"));
  expect(await upgrade(["--check", "--from", page.url], null)).toEqual({
    exitCode: 1,
    out: "",
    err: "This runs from a clone, which may be newer or older than the newest release, 1.0.0.\nTo upgrade: git pull, in the clone\n",
  });
});

test("without --check nobody is asked and nothing replaced", async () => {
  await using page = startPage(leadTo("/a/b/releases/tag/v1.0.0"));
  expect(await upgrade(["--from", page.url])).toEqual({
    exitCode: 2,
    out: "",
    err: `claude-proxy does not replace itself. To upgrade: ${way(page.url)}\nTo see whether there is something newer: claude-proxy upgrade --check\n`,
  });
  expect(page.asked).toEqual([]);
});
