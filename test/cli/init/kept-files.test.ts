import { expect, test } from "bun:test";
import { statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chunksOf } from "../../support/chunks.ts";
import { sse, whole } from "../../support/reply.ts";
import { startUpstream } from "../../support/upstream.ts";
import { createInitHome, type InitHome } from "./run-init.ts";

const isWindows = process.platform === "win32";

/** A file of claude-code-router with providers at addresses that nobody asks. */
function writeRouterFile(home: InitHome, providers: readonly object[], more: object = {}): string {
  const path = join(home.home, "router.json");
  writeFileSync(path, JSON.stringify({ Providers: providers, ...more }));
  return path;
}

const provider = (name: string, key: string) => ({
  name,
  api_base_url: `https://${name.replace(/\W/g, "")}.example/v1`,
  api_key: key,
});

test("upstreams with names that are alike have variables of their own for their keys", async () => {
  using home = createInitHome();
  const file = writeRouterFile(
    home,
    [provider("my.gate", "sk-canary-one-0123456789"), provider("my-gate", "sk-canary-two-0123456789")],
    { Router: { default: "my.gate,m" } },
  );
  const { exitCode, err } = await home.run(["--yes", "--from", file, "--no-try"]);
  expect([exitCode, err]).toEqual([0, ""]);
  expect(home.read(".env")).toEndWith(
    "\nMY_GATE_API_KEY=sk-canary-one-0123456789\nMY_GATE_API_KEY_2=sk-canary-two-0123456789\n",
  );
  expect(home.read("config.yaml")).toContain(`
  my.gate: { url: https://mygate.example/v1, key: "\${MY_GATE_API_KEY}" }
  my-gate: { url: https://mygate.example/v1, key: "\${MY_GATE_API_KEY_2}" }
`);
});

test("a variable of another upstream keeps its value, and that of the upstream itself gets the new one", async () => {
  using home = createInitHome();
  const before = `upstreams:
  desk: { url: https://other.example/v1, key: "\${ONE_API_KEY}" }
  two: { url: https://two.example/v1, key: "\${TWO_API_KEY}" }
routes: { default: desk/m }
`;
  home.write("config.yaml", before);
  home.write(".env", "ONE_API_KEY=sk-canary-desk-0123456789\nTWO_API_KEY=sk-canary-old-0123456789\n");
  const file = writeRouterFile(
    home,
    [provider("one", "sk-canary-one-0123456789"), provider("two", "sk-canary-two-0123456789")],
    { Router: { default: "one,m" } },
  );
  const { exitCode, err } = await home.run(["--yes", "--from", file, "--no-try"]);
  expect([exitCode, err]).toEqual([0, ""]);
  expect(home.read(".env")).toBe(`ONE_API_KEY=sk-canary-desk-0123456789
TWO_API_KEY=sk-canary-two-0123456789
ONE_API_KEY_2=sk-canary-one-0123456789
`);
  expect(home.read("config.yaml")).toBe(`upstreams:
  desk: { url: https://other.example/v1, key: "\${ONE_API_KEY}" }
  two: { url: https://two.example/v1, key: "\${TWO_API_KEY}" }
  one: { url: https://one.example/v1, key: "\${ONE_API_KEY_2}" }
routes: { default: one/m }
`);
});

test("clients of the file keep their keys; the same client is not added twice", async () => {
  using home = createInitHome();
  const before = `upstreams:
  one: { url: https://one.example/v1, key: "\${ONE_API_KEY}" }
routes: { default: one/m }
clients:
  client-1: { key: "\${MINE}" }
`;
  home.write("config.yaml", before);
  home.write(".env", "MINE=sk-canary-mine-0123456789\n");
  const file = writeRouterFile(home, [provider("one", "sk-canary-one-0123456789")], {
    Router: { default: "one,m" },
    APIKEY: "canary-client-0123456789",
  });
  for (const _round of [1, 2]) {
    const { exitCode, err } = await home.run(["--yes", "--from", file, "--no-try"]);
    expect([exitCode, err]).toEqual([0, ""]);
    expect(home.read("config.yaml")).toBe(`${before}  client-2: { key: "\${CLIENT_1_KEY}" }\n`);
  }
});

test("no file of this machine is read for another program's file, and no header shows its secret", async () => {
  using home = createInitHome();
  writeFileSync(join(home.home, "secret"), "canary-secret-0123456789");
  const path = join(home.home, "litellm.yaml");
  writeFileSync(
    path,
    `model_list:
  - model_name: big
    litellm_params:
      model: openai/\${file:~/secret}
      api_base: https://one.example/v1
      api_key: sk-canary-0123456789
      extra_headers: { x-team: blue, x-own: "\${file:~/secret}", x-auth: canary-0123456789, x-token: os.environ/TOKEN }
`,
  );
  const { exitCode, out, err } = await home.run(["--yes", "--from", path, "--no-try"], {
    env: { TOKEN: "t" },
  });
  expect([exitCode, err]).toEqual([0, ""]);
  expect(out).not.toContain("canary");
  expect(home.read("config.yaml")).toEndWith(`upstreams:
  one: { url: https://one.example/v1, key: "\${ONE_API_KEY}", headers: { x-team: blue, x-own: "$\${file:~/secret}", x-auth: "\${ONE_X_AUTH}", x-token: "\${TOKEN}" } }
routes:
  big: "one/$\${file:~/secret}"
  default: "one/$\${file:~/secret}"
`);
  expect(home.read(".env")).toEndWith("\nONE_API_KEY=sk-canary-0123456789\nONE_X_AUTH=canary-0123456789\n");
});

test("names from a file and models from a list cannot move the cursor", async () => {
  using home = createInitHome();
  const title = "\u001b]0;hello\u0007";
  const file = writeRouterFile(home, [
    { ...provider(`x${title}`, "sk-canary-0123456789"), api_base_url: "no" },
  ]);
  const nothing = await home.run(["--yes", "--from", file, "--no-try"]);
  expect(nothing.exitCode).toBe(2);
  expect(nothing.err).toContain("the provider x\\u001b]0;hello\\u0007");

  const upstream = await startUpstream();
  await using _end = { [Symbol.asyncDispose]: () => upstream.stop() };
  upstream.respondWith(() => whole({ object: "list", data: [{ id: "m" }] }));
  const { out, err } = await home.run([
    "--yes",
    "--upstream",
    upstream.baseUrl,
    "--big-model",
    `m${title}`,
    "--no-try",
  ]);
  expect(out + err).not.toContain("\u001b");
});

test("what somebody else has written meanwhile is not overwritten", async () => {
  using home = createInitHome();
  home.write(".env", "LOG_LEVEL=ERROR\n");
  const upstream = await startUpstream();
  await using _end = { [Symbol.asyncDispose]: () => upstream.stop() };
  upstream.respondWith(({ path }) => {
    if (path.endsWith("/models")) return whole({ object: "list", data: [{ id: "m" }] });
    home.write(".env", "LOG_LEVEL=DEBUG\n");
    return sse(chunksOf({ toolCalls: [{ id: "call_1", name: "list_files", arguments: { path: "." } }] }));
  });
  const flags = ["--yes", "--upstream", upstream.baseUrl, "--big-model", "m"];
  const { exitCode, err } = await home.run(flags);
  expect([exitCode, err.replace(/\s+/g, " ").trim()]).toEqual([
    1,
    `${home.pathOf(".env")} was changed by somebody else meanwhile, and is left so. Run this again.`,
  ]);
  expect(home.read(".env")).toBe("LOG_LEVEL=DEBUG\n");
  expect(home.files()).toEqual([join(".config", "claude-proxy", ".env")]);
});

test.skipIf(isWindows)("a file that a group may read stays so, behind its link", async () => {
  using home = createInitHome();
  home.write("config.yaml", "");
  const real = join(home.home, "kept.env");
  writeFileSync(real, "LOG_LEVEL=ERROR\n", { mode: 0o640 });
  symlinkSync(real, home.pathOf(".env"));
  const file = writeRouterFile(home, [provider("one", "sk-canary-one-0123456789")], {
    Router: { default: "one,m" },
  });
  const { exitCode, err } = await home.run(["--yes", "--from", file, "--no-try"]);
  expect([exitCode, err]).toEqual([0, ""]);
  expect(await Bun.file(real).text()).toBe("LOG_LEVEL=ERROR\nONE_API_KEY=sk-canary-one-0123456789\n");
  expect(statSync(real).mode & 0o777).toBe(0o640);
});

test("a config.yaml with an alias that leads nowhere is left as it is", async () => {
  using home = createInitHome();
  home.write("config.yaml", "upstreams: *none\n");
  const file = writeRouterFile(home, [provider("one", "sk-canary-one-0123456789")], {
    Router: { default: "one,m" },
  });
  const { exitCode, err } = await home.run(["--yes", "--from", file, "--no-try"]);
  expect([exitCode, err]).toEqual([
    2,
    "config.yaml has faults, so it is not changed. They are told by: claude-proxy config check\n",
  ]);
  expect(home.read("config.yaml")).toBe("upstreams: *none\n");
});
