import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { digestKey } from "../../../src/config/digest-key.ts";
import { listClients, listSecrets, listUpstreams } from "../../../src/config/list-upstreams.ts";
import { loadAddress } from "../../../src/config/load-address.ts";
import type { LoadConfigOptions } from "../../../src/config/load-config.ts";
import type { loadConfigWithFile } from "../../../src/config/load-config-with-file.ts";
import { createConfigFolder } from "./config-folder.ts";

const ollama = "upstreams:\n  ollama: {}\n";

/** The name of the first upstream, which tells the files apart. */
async function firstUpstream(
  load: (options?: LoadConfigOptions) => ReturnType<typeof loadConfigWithFile>,
  options: LoadConfigOptions,
) {
  const { config, configPath } = await load(options);
  return [listUpstreams(config)[0]?.name, configPath];
}

describe("which file is read", () => {
  test("that of the flag, else that of CONFIG_FILE, else config.yaml in the config folder", async () => {
    using folder = createConfigFolder(ollama);
    const one = folder.write("one.yaml", "upstreams:\n  vllm: {}\n");
    const two = folder.write("two.yaml", "upstreams:\n  lmstudio: {}\n");
    const envFile = folder.write("named.env", "CONFIG_FILE=~/two.yaml\n");
    const read = (options: LoadConfigOptions) => firstUpstream(folder.load, options);
    expect(await read({})).toEqual(["ollama", folder.path]);
    expect(await read({ envFile })).toEqual(["lmstudio", two]);
    expect(await read({ envFile, env: { CONFIG_FILE: one } })).toEqual(["vllm", one]);
    expect(await read({ env: { CONFIG_FILE: one }, configFile: two })).toEqual(["lmstudio", two]);
    expect(await read({ configFile: "~/one.yaml" })).toEqual(["vllm", one]);
  });

  test("never that of the current folder; without one the settings are as ever", async () => {
    using folder = createConfigFolder();
    folder.write("here/config.yaml", ollama);
    const env = { BASE_URL: "http://localhost:1/v1", BIG_MODEL_NAME: "b", SMALL_MODEL_NAME: "s" };
    const { config, configPath } = await folder.load({ env, currentFolder: join(folder.homeDir, "here") });
    expect([config.file, configPath, config.bigModelName]).toEqual([null, null, "b"]);
  });

  test("one with another name, or in the current folder, is mentioned when settings are missing", async () => {
    using folder = createConfigFolder();
    const hintOf = () => folder.load({ currentFolder: folder.homeDir }).then(() => "", String);
    folder.write("config.yaml", "other: program\n");
    expect(await hintOf()).not.toContain("config.y");
    const other = folder.write(".config/claude-proxy/config.yml", ollama);
    const here = folder.write("config.yaml", ollama);
    expect((await hintOf()).split("\n").filter((line) => line.includes("is not read"))).toEqual([
      `${other} is not read: its name must be config.yaml`,
      `${here} is not read, because the current folder may not be yours. If it is: --config config.yaml`,
    ]);
  });

  test("a file that is named must exist, and in the environment its path is whole", async () => {
    using folder = createConfigFolder(ollama);
    const none = join(folder.homeDir, "none.yaml");
    expect(await folder.problems({ configFile: none })).toEqual([`--config ${none}: there is no such file`]);
    expect(await folder.problems({ env: { CONFIG_FILE: none } })).toEqual([
      "CONFIG_FILE (from the environment): there is no such file",
    ]);
    expect(await folder.problems({ env: { CONFIG_FILE: "config.yaml" } })).toEqual([
      "CONFIG_FILE (from the environment) must be an absolute path or begin with ~/.",
    ]);
  });

  test("what is no text file of a sensible size is refused", async () => {
    using folder = createConfigFolder();
    mkdirSync(folder.path, { recursive: true });
    expect(await folder.problems()).toEqual([`${folder.path} cannot be read: it is not a file`]);
    const utf16 = folder.write("utf16.yaml", Buffer.from("\ufeffupstreams: {}", "utf16le"));
    expect((await folder.problems({ configFile: utf16 }))[0]).toContain("it is UTF-16");
    const large = folder.write("large.yaml", "#".repeat(1024 * 1024 + 1));
    expect((await folder.problems({ configFile: large }))[0]).toContain("larger than 1 MiB");
  });

  test("each limit of a client is its own", async () => {
    const key = "canary-0123456789abcdef";
    using folder = createConfigFolder(
      `${ollama}clients:\n  a: { key: ${key}, usd_per_day: 1, usd_per_month: 20, requests_per_minute: 9, admin: true }\n`,
    );
    const { config } = await folder.load();
    expect(config.file?.clients).toEqual([
      {
        name: "a",
        keyDigest: digestKey(key),
        usdPerDay: 1,
        usdPerMonth: 20,
        requestsPerMinute: 9,
        models: null,
        admin: true,
      },
    ]);
  });

  test("a byte order mark and CRLF are no fault", async () => {
    using folder = createConfigFolder(`\ufeff${ollama.replaceAll("\n", "\r\n")}`);
    expect(await folder.problems()).toEqual([]);
  });
});

test.each([
  ["off", "off", "off", "off"],
  ["on", "all", "on", "all"],
  ["false", "false", "off", "off"],
  ["true", "errors", "on", "errors"],
  ["no", "no", "off", "off"],
  ["Yes", "all", "on", "all"],
  ['"0"', "off", "off", "off"],
])("record: %s, record_bodies: %s, however YAML reads them", async (word, bodies, record, recordBodies) => {
  using folder = createConfigFolder(`${ollama}server: { record: ${word}, record_bodies: ${bodies} }\n`);
  const { config } = await folder.load({});
  expect([config.record, config.recordBodies].map(String)).toEqual([record, recordBodies]);
});

test("a truth value is refused where none is meant", async () => {
  using folder = createConfigFolder(`${ollama}server: { record_bodies: true, port: false }\n`);
  expect(await folder.problems()).toEqual([
    '3:11 server.record_bodies: "true" must be one of off, errors, all.',
    '3:32 server.port: "false" must be a whole number from 0 to 65535.',
  ]);
});

describe("precedence", () => {
  const text = `${ollama}server: { port: 7001, log_level: debug, host: 127.0.0.9 }\n`;

  test("flag, environment, .env, config.yaml, default; each setting knows its source", async () => {
    using folder = createConfigFolder(text);
    const envFile = folder.write("a.env", "HOST=127.0.0.3\nLOG_LEVEL=WARN\n");
    const { config, sources, envPath } = await folder.load({
      envFile,
      env: { LOG_LEVEL: "ERROR" },
      flags: { HOST: "127.0.0.2" },
    });
    expect([config.host, config.logLevel, config.port, config.appName, envPath]).toEqual([
      "127.0.0.2",
      "ERROR",
      7001,
      "claude-proxy",
      envFile,
    ]);
    expect(
      ["HOST", "LOG_LEVEL", "PORT", "APP_NAME"].map(
        (name) => [...sources].find(([own]) => own === name)?.[1],
      ),
    ).toEqual(["flag", "environment", { file: folder.path }, "default"]);
    expect((await folder.load({ envFile })).config.logLevel).toBe("WARN");
  });

  test("a clone's own file comes before that of the config folder, as its .env does", async () => {
    using folder = createConfigFolder(ollama);
    const cloneFolder = dirname(folder.write("clone/config.yaml", "upstreams: { lmstudio: {} }\n"));
    expect((await folder.load({ cloneFolder })).configPath).toBe(`${cloneFolder}/config.yaml`);
    rmSync(`${cloneFolder}/config.yaml`);
    expect((await folder.load({ cloneFolder })).configPath).toBe(folder.path);
  });

  test("a file that is gone is no reason to do what the settings of the simple case say", async () => {
    using folder = createConfigFolder();
    expect(await folder.problems({ expectsFile: true })).toEqual([
      " there is no such file any more. Put it back, or start the proxy again to do without it.",
    ]);
  });

  test("words that are nearly a tier's, or the default, are mentioned", async () => {
    using folder = createConfigFolder(
      `${ollama}routes:\n  Default: ollama/a\n  oppus: ollama/b\n  haiku: ollama/c\n  gpt: ollama/d\n`,
    );
    const said = (await folder.load()).warnings.map((line) => line.replace(`${folder.path}:`, ""));
    const what = "is taken for the id of a model, which it hardly is. Did you mean";
    expect(said).toEqual([`4:3 routes.Default: ${what} default?`, `5:3 routes.oppus: ${what} opus?`]);
  });

  test("a short name with a slip is mentioned, a model's id is not", async () => {
    using folder = createConfigFolder(
      "upstreams:\n  ollama: { models: { fast: vendor/small-4, glm-5: vendor/glm-5 } }\n" +
        "routes:\n  default: [ollama/fats, ollama/fast, ollama/glm-4, ollama/last-one]\n",
    );
    expect((await folder.load()).warnings.map((line) => line.replace(`${folder.path}:`, ""))).toEqual([
      '4:13 routes.default[0]: "ollama/fats" has no short name of ollama. Did you mean ollama/fast?',
    ]);
  });

  test("a host that others can reach needs a client's key, from wherever it comes", async () => {
    using folder = createConfigFolder(`${ollama}server: { host: 0.0.0.0 }\n`);
    expect(await folder.problems()).toEqual([
      `HOST is 0.0.0.0 (from ${folder.path}), where others could spend your keys. Name clients in the file, or listen on 127.0.0.1. Example: clients: { me: { key: "\${MY_KEY}" } }`,
    ]);
    expect(await folder.problems({ env: { PROXY_API_KEY: "canary-0123456789" } })).toEqual([]);
    folder.write(
      ".config/claude-proxy/config.yaml",
      `${ollama}server: { host: 0.0.0.0 }\nclients: { a: { key: canary-0123456789 } }\n`,
    );
    expect(await folder.problems()).toEqual([]);
  });

  test("settings of the simple case make no upstream, and one line names those that are of no use", async () => {
    using folder = createConfigFolder(`upstreams:\n  openrouter: { key: "\${OPENAI_API_KEY}" }\n`);
    const env = { OPENAI_API_KEY: "sk-or-canary-0123456789", BASE_URL: "no address", BIG_MODEL_NAME: "x" };
    const { config, warnings, secrets } = await folder.load({ env });
    expect(listUpstreams(config).map(({ name, keys }) => [name, keys])).toEqual([
      ["openrouter", [env.OPENAI_API_KEY]],
    ]);
    expect(warnings).toEqual([
      `BASE_URL, BIG_MODEL_NAME are set but not used: ${folder.path} says which upstreams there are.`,
    ]);
    expect(secrets).toContain(env.OPENAI_API_KEY);
  });

  test("names of the .env file that the file may read are no mistakes", async () => {
    using folder = createConfigFolder(`upstreams:\n  glm: { key: "\${GLM_API_KEY}" }\n`);
    const envFile = folder.write(
      "a.env",
      "GLM_API_KEY=canary-glm-0123\nKIMI_API_KEY=canary-kimi-0123\nHTTPS_PROXY=http://p\n",
    );
    expect((await folder.load({ envFile })).warnings).toEqual([
      `${envFile} sets HTTPS_PROXY, which works only in the environment. Set it in the shell that starts claude-proxy.`,
    ]);
  });

  test("PROXY_API_KEY is the client default, beside which none has that name or that key", async () => {
    const key = "canary-0123456789abc";
    using folder = createConfigFolder(`${ollama}clients: { ci: { key: canary-ci-0123456789 } }\n`);
    const { config } = await folder.load({ env: { PROXY_API_KEY: key } });
    expect(listClients(config).map(({ name }) => name)).toEqual(["default", "ci"]);
    folder.write(
      ".config/claude-proxy/config.yaml",
      `${ollama}clients:\n  default: { key: canary-other-0123456789 }\n  b: { key: ${key} }\n`,
    );
    expect(await folder.problems({ env: { PROXY_API_KEY: key } })).toEqual([
      "4:3 clients.default: is the client of PROXY_API_KEY, which is set too: use another name, or unset that.",
      "5:8 clients.b.key: is the same key as that of the client default. Give each client a key of its own.",
    ]);
  });
});

describe("secrets", () => {
  test("they come from the environment before .env, from files and from the key store, also inside a longer text", async () => {
    using folder = createConfigFolder(`upstreams:
  a: { url: "http://localhost:1/v1", key: "\${A}", headers: { Authorization: "Bearer \${B}" }, body: { deep: [ "\${C}" ] } }
  b: { url: "http://localhost:2/v1", keys: [ "\${file:~/k}", "\${keychain:work/key}" ], http_proxy: "http://u:\${D}@p.test:3128" }
  c: { url: "http://localhost:3/v1?api-version=1&api-key=\${E}", key: "$\${A}" }
  d: { url: "\${U}/v1", key: plain-canary-d }
`);
    folder.write("k", "canary-file-k\r\n");
    const envFile = folder.write("s.env", "A=canary-env-file\nB=canary-b\nU=http://localhost:4\n");
    const { config, secrets } = await folder.load({
      envFile,
      env: { A: "canary-a", B: " ", C: "canary-c", D: "canary%2Dd", E: "canary-e" },
      readKeychain: async (name) => `canary-of-${name}`,
    });
    const [a, b, c, d] = listUpstreams(config);
    expect([a?.keys, a?.headers, a?.body]).toEqual([
      ["canary-a"],
      { authorization: "Bearer canary-b" },
      { deep: ["canary-c"] },
    ]);
    expect([b?.keys, b?.httpProxy]).toEqual([
      ["canary-file-k", "canary-of-work/key"],
      "http://u:canary%2Dd@p.test:3128/",
    ]);
    expect([c?.keys, c?.baseUrl]).toEqual([
      [`\${A}`],
      "http://localhost:3/v1?api-version=1&api-key=canary-e",
    ]);
    expect(d?.baseUrl).toBe("http://localhost:4/v1");
    const known = [
      "canary-a",
      "canary-b",
      "canary-c",
      "canary-file-k",
      "canary-of-work/key",
      "canary%2Dd",
      "canary-d",
      "canary-e",
      "plain-canary-d",
    ];
    for (const secret of known) expect(secrets).toContain(secret);
    // An address is shown everywhere, and is none.
    expect(secrets).not.toContain("http://localhost:4");
    expect(listSecrets(config)).toContain("canary-e");
  });

  test("a model or a port from the environment is no secret, a file's content always is", async () => {
    using folder = createConfigFolder(
      `${ollama}server: { port: "\${P}" }\nroutes: { default: "ollama/\${M}", opus: "\${file:~/m}" }\n`,
    );
    folder.write("m", "ollama/canary-model\n");
    const { config, secrets } = await folder.load({ env: { P: "7002", M: "qwen3-coder" } });
    expect([config.port, secrets]).toEqual([7002, ["ollama/canary-model"]]);
  });

  test.each<[text: string, fault: string]>([
    [`\${file:relative}`, `has \${file:relative}: the path must be absolute or begin with ~/.`],
    [`\${file:~/none}`, `needs \${file:~/none}, which cannot be read: there is no such file.`],
    [`\${file:~/folder}`, `needs \${file:~/folder}, which cannot be read: it is not a file.`],
    [`\${file:~/empty}`, `needs \${file:~/empty}, which cannot be read: it is empty.`],
    [
      `\${file:~/large}`,
      `needs \${file:~/large}, which cannot be read: it is larger than 64 KiB, so it is no key.`,
    ],
    [
      `\${keychain:none}`,
      `needs \${keychain:none}, but the system's key store has no entry none of the service claude-proxy.`,
    ],
    [
      `\${keychain:fails}`,
      `needs \${keychain:fails}, but the system's key store cannot be read here (no bus). Use \${NAME} or \${file:/path}.`,
    ],
    [
      `\${sk-canary}`,
      `has a \${…} that names nothing: write \${NAME}, \${file:/path}, \${file:~/path} or \${keychain:NAME}; $\${ stands for the characters \${ themselves.`,
    ],
    [
      `a \${`,
      `has a \${…} that names nothing: write \${NAME}, \${file:/path}, \${file:~/path} or \${keychain:NAME}; $\${ stands for the characters \${ themselves.`,
    ],
  ])("%s is explained", async (text, fault) => {
    using folder = createConfigFolder(`upstreams:\n  glm: { key: "${text}" }\n`);
    mkdirSync(join(folder.homeDir, "folder"));
    folder.write("empty", "\n");
    folder.write("large", "x".repeat(65 * 1024));
    const readKeychain = async (name: string) => {
      if (name === "fails") throw new Error("no bus");
      return null;
    };
    expect(await folder.problems({ readKeychain })).toEqual([`2:10 upstreams.glm.key: ${fault}`]);
  });

  test("a key that is written out is for one reader only; a file without one may be read, and not changed", async () => {
    using folder = createConfigFolder("upstreams:\n  glm: { key: canary-0123456789 }\n");
    const warningsOf = async (mode: number) => {
      chmodSync(folder.path, mode);
      return (await folder.load()).warnings;
    };
    expect(await warningsOf(0o600)).toEqual([]);
    expect(await warningsOf(0o640)).toEqual([
      `${folder.path} holds a key, and other users of this machine can read or write it. Run: chmod 600 '${folder.path}'`,
    ]);
    folder.write(".config/claude-proxy/config.yaml", ollama);
    expect(await warningsOf(0o644)).toEqual([]);
    expect(await warningsOf(0o664)).toEqual([
      `${folder.path} can be changed by other users of this machine. Run: chmod go-w '${folder.path}'`,
    ]);
  });

  test.each([
    ["a key that is named", `glm: { key: "\${K}" }`, false],
    ["keys that are named", `glm: { keys: ["\${K}"] }`, false],
    ["one of several keys", `glm: { keys: ["\${K}", canary-0123456789] }`, true],
    ["the password of a proxy", 'ollama: { http_proxy: "http://u:canary-0123456789@127.0.0.1:1" }', true],
    ["a proxy's address that is named", `ollama: { http_proxy: "\${P}" }`, false],
    ["a proxy without a password", 'ollama: { http_proxy: "http://127.0.0.1:1" }', false],
    ["a header's value", "ollama: { headers: { X-Auth: canary-0123456789 } }", true],
    ["a header's value that is named", `ollama: { headers: { X-Auth: "\${K}" } }`, false],
  ])("whether a file holds a key: %s", async (_what, upstream, holdsKey) => {
    using folder = createConfigFolder(`upstreams:\n  ${upstream}\n`);
    chmodSync(folder.path, 0o644);
    const env = { K: "named-0123456789", P: "http://u:named-0123456789@127.0.0.1:1" };
    const { warnings } = await folder.load({ env });
    expect(warnings.some((warning) => warning.startsWith(`${folder.path} holds a key`))).toBe(holdsKey);
  });

  test.each([
    ["postgres://u:canary-0123456789@db/records", true],
    ["postgres://db/records", false],
    [`\${R}`, false],
  ])("whether a file holds a key: server.record %s", async (record, holdsKey) => {
    using folder = createConfigFolder(`server: { record: "${record}" }\n${ollama}`);
    chmodSync(folder.path, 0o644);
    const { config, warnings } = await folder.load({
      env: { R: "postgresql://u:named-0123456789@db/records" },
    });
    const named = record.startsWith("$") ? "postgres://u:named-0123456789@db/records" : record;
    expect<string>(config.record).toBe(named);
    expect(warnings.some((warning) => warning.startsWith(`${folder.path} holds a key`))).toBe(holdsKey);
  });

  test("what came from a secret is in no message, wherever it stands", async () => {
    using folder = createConfigFolder(`upstreams:
  ollama: { protocol: "\${S}", profile: "\${S}", models: { a: "\${S}" }, timeouts: { idle: "\${S}" }, ca_file: "\${S}", concurrency: "\${S}" }
routes: { default: "\${S}", opus: ["ollama/x", "\${S}"] }
cases: [ { when: { kind: "\${S}", client: "\${S}", agent: "\${S}" }, to: "\${S}" }, { when: { client: "\${S}" }, to: "\${S}/x" } ]
clients: { a: { key: canary-client-0123456, models: ["\${S}/*"] } }
server: { port: "\${S}", log_level: "\${S}" }
`);
    // Too short to be found by its own text, and in no form that keys have.
    const problems = await folder.problems({ env: { S: "canary" } });
    expect(problems.length).toBeGreaterThan(10);
    expect(problems.join("\n").replaceAll("canary-client", "")).not.toContain("canary");
  });

  test("a key that stands in a wrong place too is in no message", async () => {
    using folder = createConfigFolder(`upstreams:
  glm: { key: my canary, headers: { x-api-key: canarykey } }
  gpt: { url: https://a.test/v1, keys: [canarykey] }
routes: { default: canarykey, canarykey: nothing }
sk-canary: 1
`);
    expect(await folder.problems()).toEqual([
      "2:10 upstreams.glm.key: contains a space, a line break or another character that a key cannot contain.",
      '4:11 routes.default: "…" is no target: a target is upstream/model. There are glm, gpt.',
      '4:31 routes.…: "nothing" is no target: a target is upstream/model. There are glm, gpt.',
      '5:1 ["…"]: is no key here. There are upstreams, routes, cases, models, clients, server.',
    ]);
  });
});

describe("where a running proxy is asked", () => {
  test("host, port and a client's key are found although the rest of the file is faulty", async () => {
    using folder = createConfigFolder(
      `server: { port: 7003 }\nclients:\n  lost: { key: "\${NOT_HERE}" }\n  ci: { key: canary-ci-0123456789 }\nupstreams: { glm: { key: "\${NEITHER}" } }\n`,
    );
    const options = { platform: "linux", homeDir: folder.homeDir, executablePath: "/nowhere/x" } as const;
    expect(await loadAddress({ ...options, env: {} })).toEqual({
      host: "127.0.0.1",
      port: 7003,
      proxyApiKey: "canary-ci-0123456789",
      hasOwnKey: false,
      clients: [{ name: "ci", key: "canary-ci-0123456789" }],
      hasSharedRecord: false,
    });
    const own = await loadAddress({ ...options, env: { PROXY_API_KEY: "canary-own" } });
    expect([own.proxyApiKey, own.hasOwnKey]).toEqual(["canary-own", true]);
    folder.write(".config/claude-proxy/config.yaml", "server: { port: many }\nupstreams: {}\n");
    await expect(loadAddress({ ...options, env: {} })).rejects.toThrow(
      '1:11 server.port: "many" must be a whole number',
    );
  });
});

test("a reload with the same options reads everything anew", async () => {
  using folder = createConfigFolder(ollama);
  const first = await folder.load();
  folder.write(".config/claude-proxy/config.yaml", "upstreams:\n  vllm: {}\n");
  const second = await folder.load();
  expect([first, second].map(({ config }) => listUpstreams(config)[0]?.name)).toEqual(["ollama", "vllm"]);
  expect(readdirSync(join(folder.homeDir, ".config/claude-proxy"))).toEqual(["config.yaml"]);
});
