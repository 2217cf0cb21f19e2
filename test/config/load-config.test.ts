import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { ConfigError } from "../../src/config/config-error.ts";
import { settingNames } from "../../src/config/config-schema.ts";
import { type LoadConfigOptions, type LoadedConfig, loadConfig } from "../../src/config/load-config.ts";
import { profileIds } from "../../src/profiles/profile-ids.ts";

const key = "canary-upstream-key-0123456789";
const models = { BIG_MODEL_NAME: "big/one", SMALL_MODEL_NAME: "small/one" };

let homeDir: string;
let usualFile: string;
let programFolder: string;

beforeEach(() => {
  homeDir = mkdtempSync(join(tmpdir(), "load-config-"));
  usualFile = join(homeDir, ".config", "claude-proxy", ".env");
  programFolder = join(homeDir, "bin");
});

afterEach(() => {
  rmSync(homeDir, { recursive: true, force: true });
});

function writeEnvFile(path: string, text: string, mode = 0o600): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode });
  chmodSync(path, mode);
}

function load(options: LoadConfigOptions): LoadedConfig {
  return loadConfig({
    platform: "linux",
    homeDir,
    executablePath: join(programFolder, "claude-proxy"),
    ...options,
  });
}

function problemsOf(options: LoadConfigOptions): readonly string[] {
  try {
    load(options);
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.problems;
    }
    throw error;
  }
  return [];
}

const warningsOf = (env: Record<string, string>) =>
  load({ env: { OPENAI_API_KEY: key, ...models, ...env } }).warnings;

describe("values", () => {
  test("the defaults", () => {
    const env = { OPENAI_API_KEY: key, ...models };
    const loaded = load({ env });
    expect(loaded).toEqual({
      config: {
        openaiApiKey: key,
        baseUrl: "https://openrouter.ai/api/v1",
        bigModelName: "big/one",
        mediumModelName: "big/one",
        smallModelName: "small/one",
        upstreamProfile: "auto",
        upstreamProtocol: "auto",
        addressProtocol: null,
        usualLimits: { firstByte: true, idle: true },
        refererUrl: "https://github.com/claude-proxy/claude-proxy",
        appName: "claude-proxy",
        host: "127.0.0.1",
        port: 8080,
        proxyApiKey: null,
        maxOutputTokens: 32000,
        maxConcurrentRequests: 1000,
        upstreamFirstByteSeconds: 360,
        upstreamIdleSeconds: 360,
        drainDelaySeconds: 0,
        drainSeconds: 30,
        logLevel: "INFO",
        logFilePath: join(homeDir, ".local/state/claude-proxy/claude-proxy.log"),
        stateFolder: join(homeDir, ".local/state/claude-proxy"),
        formerStateFolders: [],
        record: "on",
        recordBodies: "errors",
        recordDays: 14,
        recordMb: 500,
        budgetUsdPerDay: undefined,
        budgetUsdPerSession: undefined,
        budgetUnknownPrice: { input: 5, output: 25 },
        capsFail: "open",
        file: null,
        shared: null,
      },
      sources: new Map(settingNames.map((name) => [name, name in env ? "environment" : "default"])),
      warnings: [],
      secrets: [key],
      clientKeyLine: null,
      clientKeys: [],
      configPath: null,
      envPath: null,
    });
    expect(Object.isFrozen(loaded.config)).toBe(true);
  });

  test("a cap without a record is refused, and names both settings", () => {
    const env = { OPENAI_API_KEY: key, BIG_MODEL_NAME: "b", SMALL_MODEL_NAME: "s", BUDGET_USD_PER_DAY: "20" };
    expect(problemsOf({ env: { ...env, RECORD: "off" } })).toEqual([
      "BUDGET_USD_PER_DAY needs the record of what was spent, but RECORD is off (from the environment). Set RECORD=on, or take BUDGET_USD_PER_DAY away.",
    ]);
    expect(load({ env }).config.budgetUsdPerDay).toBe(20);
  });

  test("every setting can be set", () => {
    const { config } = load({
      env: {
        OPENAI_API_KEY: key,
        BASE_URL: "https://api.example.com/v1/",
        BIG_MODEL_NAME: " b ",
        MEDIUM_MODEL_NAME: "m",
        SMALL_MODEL_NAME: "s",
        UPSTREAM_PROFILE: "DeepSeek",
        UPSTREAM_PROTOCOL: " Responses ",
        REFERER_URL: "https://me.example",
        APP_NAME: "mine",
        HOST: "[::]",
        PORT: "0",
        PROXY_API_KEY: "canary-client-key-0123456789",
        MAX_OUTPUT_TOKENS: "64000",
        MAX_CONCURRENT_REQUESTS: "40",
        UPSTREAM_FIRST_BYTE_SECONDS: "1200",
        UPSTREAM_IDLE_SECONDS: "0",
        DRAIN_DELAY_SECONDS: "5",
        DRAIN_SECONDS: "600",
        LOG_LEVEL: "debug",
        LOG_FILE_PATH: "~/logs/../proxy.log",
        RECORD: "ON",
        RECORD_BODIES: "All",
        RECORD_DAYS: "90",
        RECORD_MB: "2000",
        BUDGET_USD_PER_DAY: "$20",
        BUDGET_USD_PER_SESSION: "0.50",
        BUDGET_UNKNOWN_PRICE: "Refuse",
        CAPS_FAIL: "Closed",
      },
    });
    expect(config).toEqual({
      openaiApiKey: key,
      baseUrl: "https://api.example.com/v1",
      bigModelName: "b",
      mediumModelName: "m",
      smallModelName: "s",
      upstreamProfile: "deepseek",
      upstreamProtocol: "responses",
      addressProtocol: null,
      usualLimits: { firstByte: false, idle: false },
      refererUrl: "https://me.example",
      appName: "mine",
      host: "::",
      port: 0,
      proxyApiKey: "canary-client-key-0123456789",
      maxOutputTokens: 64000,
      maxConcurrentRequests: 40,
      upstreamFirstByteSeconds: 1200,
      upstreamIdleSeconds: null,
      drainDelaySeconds: 5,
      drainSeconds: 600,
      logLevel: "DEBUG",
      logFilePath: join(homeDir, "proxy.log"),
      stateFolder: join(homeDir, ".local/state/claude-proxy"),
      formerStateFolders: [homeDir],
      record: "on",
      recordBodies: "all",
      recordDays: 90,
      recordMb: 2000,
      budgetUsdPerDay: 20,
      budgetUsdPerSession: 0.5,
      budgetUnknownPrice: null,
      capsFail: "closed",
      file: null,
      shared: null,
    });
  });

  test.each([
    ["https://a.test/v1", null, "https://a.test/v1"],
    ["https://a.test/v1/chat/completions", "chat", "https://a.test/v1"],
    [" https://a.test/v1/chat/completions/ ", "chat", "https://a.test/v1"],
    ["https://a.test/v1//responses", "responses", "https://a.test/v1"],
    ["https://a.test/openai/responses?api-version=1", "responses", "https://a.test/openai?api-version=1"],
    ["https://a.test/responses/v1", null, "https://a.test/responses/v1"],
  ] as const)(
    "[20.1:address] %s names the wire %p and is asked below %s",
    (BASE_URL, addressProtocol, baseUrl) => {
      const { config } = load({ env: { OPENAI_API_KEY: key, ...models, BASE_URL } });
      expect(config).toMatchObject({ upstreamProtocol: "auto", addressProtocol, baseUrl });
    },
  );

  test.each([
    ["https://api.anthropic.com", "https://api.anthropic.com/v1"],
    ["https://api.anthropic.com/v1/messages", "https://api.anthropic.com/v1"],
    ["https://a.test/anthropic/", "https://a.test/anthropic/v1"],
    ["https://a.test/api/v4", "https://a.test/api/v4"],
  ])("with UPSTREAM_PROTOCOL=anthropic %s is asked below %s", (BASE_URL, baseUrl) => {
    const env = { OPENAI_API_KEY: key, ...models, BASE_URL, UPSTREAM_PROTOCOL: "anthropic" };
    const { config, warnings } = load({ env });
    expect([config.baseUrl, warnings]).toEqual([baseUrl, []]);
  });

  test.each([
    ["https://a.test/v1/chat/completions", "responses", true],
    ["https://a.test/v1/responses", "chat", true],
    ["https://a.test/v1/responses", "responses", false],
    ["https://a.test/v1/responses", "auto", false],
    ["https://a.test/v1", "responses", false],
  ])(
    "[20.1:address] %s with UPSTREAM_PROTOCOL=%s is a contradiction: %p",
    (BASE_URL, UPSTREAM_PROTOCOL, isOne) => {
      const other = UPSTREAM_PROTOCOL === "chat" ? "responses" : "chat";
      expect(warningsOf({ BASE_URL, UPSTREAM_PROTOCOL })).toEqual(
        isOne
          ? [
              `BASE_URL ends like an address for UPSTREAM_PROTOCOL=${other}, but UPSTREAM_PROTOCOL is ${UPSTREAM_PROTOCOL}, which is used.`,
            ]
          : [],
      );
    },
  );

  test("what was learned is looked for beside the log, then where the log usually is", () => {
    const env = { OPENAI_API_KEY: key, ...models, LOG_FILE_PATH: "/logs/proxy.log", STATE_DIRECTORY: "/s" };
    const { stateFolder, formerStateFolders } = load({ env }).config;
    expect({ stateFolder, formerStateFolders }).toEqual({
      stateFolder: "/s",
      formerStateFolders: ["/logs", join(homeDir, ".local/state/claude-proxy")],
    });
  });

  test.each<[baseUrl: string, set: string | undefined, seconds: number | null]>([
    ["https://api.example.com/v1", undefined, 360],
    ["http://192.168.1.5:11434/v1", undefined, 360],
    ["http://127.0.0.1:11434/v1", undefined, null],
    ["http://localhost:11434/v1", undefined, null],
    ["http://[::1]:11434/v1", undefined, null],
    ["http://localhost:11434/v1", "30", 30],
    ["http://localhost:11434/v1", "0", null],
    ["https://api.example.com/v1", "0", null],
  ])("the wait for the first byte of %s, set to %p, is %p", (BASE_URL, set, seconds) => {
    const { config } = load({
      env: {
        OPENAI_API_KEY: key,
        BIG_MODEL_NAME: "b",
        SMALL_MODEL_NAME: "s",
        BASE_URL,
        UPSTREAM_FIRST_BYTE_SECONDS: set,
      },
    });
    expect(config.upstreamFirstByteSeconds).toBe(seconds);
  });

  test("flags win over the environment, that over the file, that over defaults; empty counts as not set", () => {
    writeEnvFile(usualFile, "PORT=1\nHOST=localhost\nLOG_LEVEL=WARN\nAPP_NAME=file");
    const { config, sources } = load({
      flags: { PORT: "3" },
      env: { OPENAI_API_KEY: key, ...models, PORT: "2", HOST: "127.0.0.2", LOG_LEVEL: " ", BASE_URL: "" },
    });
    expect([config.port, config.host, config.logLevel, config.appName, config.baseUrl]).toEqual([
      3,
      "127.0.0.2",
      "WARN",
      "file",
      "https://openrouter.ai/api/v1",
    ]);
    expect(["PORT", "HOST", "LOG_LEVEL", "BASE_URL"].map((name) => sources.get(name as "PORT"))).toEqual([
      "flag",
      "environment",
      { file: usualFile },
      "default",
    ]);
  });

  test("a loopback upstream needs no key", () => {
    const { config, secrets } = load({ env: { ...models, BASE_URL: "http://localhost:11434/v1" } });
    expect([config.openaiApiKey, secrets]).toEqual(["", []]);
  });
});

describe("the .env file", () => {
  const env = { OPENAI_API_KEY: key, ...models };

  test("the one in the config folder is taken, else the one beside the program", () => {
    const besideProgram = join(programFolder, ".env");
    writeEnvFile(besideProgram, "APP_NAME=beside");
    expect(load({ env }).sources.get("APP_NAME")).toEqual({ file: besideProgram });
    writeEnvFile(usualFile, "APP_NAME=usual");
    expect(load({ env }).sources.get("APP_NAME")).toEqual({ file: usualFile });
  });

  test("with --env-file no other is read", () => {
    const chosen = join(homeDir, "chosen.env");
    writeEnvFile(chosen, "PORT=5");
    writeEnvFile(usualFile, "APP_NAME=usual");
    const { config } = load({ env, envFile: chosen });
    expect([config.port, config.appName]).toEqual([5, "claude-proxy"]);
  });

  test("a relative --env-file is told with its whole path", () => {
    const chosen = join(homeDir, "chosen.env");
    writeEnvFile(chosen, "PORT=5");
    expect(load({ env, envFile: relative(process.cwd(), chosen) }).sources.get("PORT")).toEqual({
      file: chosen,
    });
  });

  test("[row 84] the current folder's is never read", () => {
    const before = process.cwd();
    const hostile = join(homeDir, "repository");
    writeEnvFile(join(hostile, ".env"), "BASE_URL=http://evil.example/v1");
    process.chdir(hostile);
    try {
      expect(load({ env }).config.baseUrl).toBe("https://openrouter.ai/api/v1");
    } finally {
      process.chdir(before);
    }
  });

  test("that of a clone is where it is to be put, in the words of npm", () => {
    const told = (): string => {
      try {
        load({ env: {}, cloneFolder: homeDir });
        return "";
      } catch (error) {
        return String(error);
      }
    };
    expect(told()).toContain("npm run demo");
    expect(told()).toContain("npm start -- --help");
  });

  test("[turn 41] one that leads nowhere has the right name all the same", () => {
    mkdirSync(dirname(usualFile), { recursive: true });
    symlinkSync("/nowhere/.env", usualFile);
    expect(() => load({ env: {} })).toThrow(/^(?!.*its name must be)/s);
  });

  test("[row 79] one that was named must be there", () => {
    expect(problemsOf({ env, envFile: "/nowhere/.env" })).toEqual([
      "--env-file /nowhere/.env: there is no such file",
    ]);
  });

  test("[row 79] a folder, a device, a huge file are none", () => {
    const huge = join(homeDir, "huge");
    writeEnvFile(huge, "#".repeat(1024 * 1024 + 1));
    expect([homeDir, "/dev/zero", huge].map((envFile) => problemsOf({ env, envFile }))).toEqual([
      [`${homeDir} cannot be read: it is not a file`],
      ["/dev/zero cannot be read: it is not a file"],
      [`${huge} cannot be read: it is larger than 1 MiB, so it is probably not a settings file`],
    ]);
  });

  test("[row 79] a line that sets nothing is named by its number, without its text", () => {
    writeEnvFile(usualFile, `APP_NAME=x\n${key}\nPORT="1`);
    expect(problemsOf({ env })).toEqual([
      `${usualFile}, line 2 is not of the form NAME=value`,
      `${usualFile}, line 3 has a quote that is never closed`,
      `PORT="\\"1" must be a whole number from 0 to 65535 (from ${usualFile}). Example: PORT=8080`,
    ]);
  });

  test("[row 79] of a name that is set twice the last counts, with a warning", () => {
    writeEnvFile(usualFile, "PORT=1\nPORT=2");
    const { config, warnings } = load({ env });
    expect(config.port).toBe(2);
    expect(warnings).toEqual([`${usualFile} sets PORT on lines 1 and 2. The last one is used.`]);
  });

  test("[F20] of a key that ends at a # the line is told, and not the key", () => {
    writeEnvFile(usualFile, "PORT=1\nOPENAI_API_KEY=abc#def1234567\nPROXY_API_KEY='a#b-0123456789abcdef'");
    const { config, warnings } = load({ env: models });
    expect([config.openaiApiKey, config.proxyApiKey]).toEqual(["abc", "a#b-0123456789abcdef"]);
    expect(warnings).toEqual([
      `${usualFile}, line 2: the value of OPENAI_API_KEY ends before its first #, because a comment begins there. ` +
        "If the # belongs to the value, put the whole value in quotes.",
    ]);
  });

  test.each([0o600, 0o400, 0o700])("mode %o keeps others out", (mode) => {
    writeEnvFile(usualFile, "PORT=1", mode);
    expect(load({ env }).warnings).toEqual([]);
  });

  test.each([0o640, 0o604, 0o620])("mode %o lets others in, with a warning", (mode) => {
    writeEnvFile(usualFile, "PORT=1", mode);
    expect(load({ env }).warnings).toEqual([
      `${usualFile} can be read or written by other users of this machine. Run: chmod 600 '${usualFile}'`,
    ]);
  });
});

describe("faults: one line each, with the value unless it may be secret, where it was set, and an example", () => {
  const env = { OPENAI_API_KEY: key, ...models };

  test("everything that must be set is asked for at once", () => {
    expect(problemsOf({ env: {} })).toEqual([
      "OPENAI_API_KEY is not set, but openrouter.ai needs a key. Example: OPENAI_API_KEY=sk-or-v1-…",
      "BIG_MODEL_NAME is not set. Example: BIG_MODEL_NAME=z-ai/glm-4.6",
      "SMALL_MODEL_NAME is not set. Example: SMALL_MODEL_NAME=openai/gpt-5-mini",
    ]);
  });

  const faults: [string, string, string][] = [
    ["PORT", "80800", 'PORT="80800" must be a whole number from 0 to 65535'],
    ["PORT", "-1", 'PORT="-1" must be a whole number from 0 to 65535'],
    ["PORT", "1e3", 'PORT="1e3" must be a whole number from 0 to 65535'],
    [
      "MAX_CONCURRENT_REQUESTS",
      "8001",
      'MAX_CONCURRENT_REQUESTS="8001" must be a whole number from 1 to 8000',
    ],
    ["MAX_OUTPUT_TOKENS", "0", 'MAX_OUTPUT_TOKENS="0" must be a whole number from 1 to 10000000'],
    ["UPSTREAM_PROTOCOL", "grpc", 'UPSTREAM_PROTOCOL="grpc" must be one of auto, chat, responses, anthropic'],
    ["LOG_LEVEL", "loud", 'LOG_LEVEL="loud" must be one of DEBUG, INFO, WARN, ERROR'],
    [
      "UPSTREAM_PROFILE",
      "skynet",
      `UPSTREAM_PROFILE="skynet" must be one of auto, ${[...profileIds, "sglang"].sort().join(", ")}`,
    ],
    ["HOST", "http://0.0.0.0", 'HOST="http://0.0.0.0" must be a host name or an IP address, without http://'],
    ["APP_NAME", "é", 'APP_NAME="é" may contain only plain ASCII characters'],
    ["APP_NAME", "a\r\nX: y", 'APP_NAME="a\\r\\nX: y" may contain only plain ASCII characters'],
    [
      "REFERER_URL",
      "javascript:alert(1)",
      'REFERER_URL="javascript:alert(1)" must be an address that begins with https://',
    ],
    ["BIG_MODEL_NAME", "a\nb", 'BIG_MODEL_NAME="a\\nb" contains a line break or another control character'],
    ["LOG_FILE_PATH", "proxy.log", 'LOG_FILE_PATH="proxy.log" must be an absolute path or begin with ~/'],
    [
      "BASE_URL",
      `https://u:${key}@x/v1`,
      "BASE_URL must not contain a user name or password: put the key into OPENAI_API_KEY",
    ],
    [
      "OPENAI_API_KEY",
      `${key}\r\nX-Evil: 1`,
      "OPENAI_API_KEY contains a space, a line break or another character that a key cannot contain",
    ],
    [
      "OPENAI_API_KEY",
      `${key} `,
      "OPENAI_API_KEY contains a space, a line break or another character that a key cannot contain",
    ],
    [
      "PROXY_API_KEY",
      `${key}ü`,
      "PROXY_API_KEY contains a space, a line break or another character that a key cannot contain",
    ],
  ];

  test.each(faults)("%s=%j", (name, value, line) => {
    const problems = problemsOf({ env: { ...env, [name]: value } });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.split(` (from the environment). Example: ${name}=`)[0]).toBe(line);
    expect(problems.join()).not.toContain(key);
  });

  test("the password of a shared record is not taken from a flag, which all users of a machine can read", () => {
    const url = "postgres://u:canary-0123456789@db/records";
    expect(problemsOf({ env, flags: { RECORD: url } })).toEqual([
      "RECORD has a password on the command line, where every user of this machine can read it. " +
        "Set RECORD in the environment or in the .env file instead.",
    ]);
    expect(problemsOf({ env: { ...env, RECORD: "postgres://u:canary-0123456789@db" } })).toEqual([
      "RECORD names no database: postgres://user:password@host:5432/database (from the environment). Example: RECORD=off",
    ]);
  });

  test("a faulty flag is named as the flag", () => {
    expect(problemsOf({ env, flags: { PORT: "x" } })).toEqual([
      'PORT="x" must be a whole number from 0 to 65535 (from --port). Example: PORT=8080',
    ]);
  });

  test.each(["0.0.0.0", "::", "192.168.1.5"])("host %s needs a key for clients", (host) => {
    expect(problemsOf({ env: { ...env, HOST: host } })).toEqual([
      `PROXY_API_KEY is not set, but HOST is ${host} (from the environment): others could spend your key. Set it, or use HOST=127.0.0.1. Example: PROXY_API_KEY=a-long-random-text`,
    ]);
    expect(problemsOf({ env: { ...env, HOST: host, PROXY_API_KEY: key } })).toEqual([]);
  });

  test("[row 83] a variable that makes Bun print keys is refused", () => {
    expect(problemsOf({ env: { ...env, BUN_CONFIG_VERBOSE_FETCH: "curl" } })).toEqual([
      "BUN_CONFIG_VERBOSE_FETCH is set, which would print your key with every request. Run: unset BUN_CONFIG_VERBOSE_FETCH",
    ]);
  });

  test("a value that is told is told to its sixtieth character", () => {
    expect(problemsOf({ env: { ...env, PORT: "x".repeat(61) } })[0]).toStartWith(
      `PORT="${"x".repeat(60)}" must be`,
    );
  });

  test.each([
    ["BIG_MODEL_NAME", "m".repeat(300), "m".repeat(301)],
    ["PORT", "65535", "65536"],
    ["MAX_OUTPUT_TOKENS", "1", "0"],
    ["MAX_OUTPUT_TOKENS", "10000000", "10000001"],
    ["MAX_CONCURRENT_REQUESTS", "1", "0"],
    ["DRAIN_DELAY_SECONDS", "3600", "3601"],
    ["DRAIN_SECONDS", "1", "0"],
  ])("%s has its bounds", (name, inside, outside) => {
    expect(problemsOf({ env: { ...env, [name]: inside } })).toEqual([]);
    expect(problemsOf({ env: { ...env, [name]: outside } })).toHaveLength(1);
  });

  test("the last line names the file that was read, where it is another one", () => {
    const path = join(homeDir, "other.env");
    writeEnvFile(path, "PORT=1\n");
    expect(() => load({ env: {}, envFile: path })).toThrow(`the environment, and ${path}`);
  });

  test("the last line says where settings may be put", () => {
    expect(() => load({ env: {} })).toThrow(
      `\nSettings are read from flags (see: claude-proxy serve --help), the environment, and ${usualFile}`,
    );
  });
});

describe("warnings", () => {
  test("a key that the environment and the file set differently", () => {
    const other = "canary-other-key-9876543210";
    writeEnvFile(usualFile, `OPENAI_API_KEY=${other}`);
    const loaded = load({ env: { OPENAI_API_KEY: key, ...models } });
    expect(loaded.config.openaiApiKey).toBe(key);
    expect(loaded.warnings).toEqual([
      `OPENAI_API_KEY is set in the environment and, with a different value, in ${usualFile}. The environment's value is used. To use the file's, run: unset OPENAI_API_KEY`,
    ]);
    expect(loaded.secrets).toEqual([key, other]);
    writeEnvFile(usualFile, `OPENAI_API_KEY=${key}`);
    expect(load({ env: { OPENAI_API_KEY: key, ...models } }).warnings).toEqual([]);
  });

  test("the profile may be named by another server of its family", () => {
    expect(
      load({ env: { OPENAI_API_KEY: key, UPSTREAM_PROFILE: "SGLang", ...models } }).config.upstreamProfile,
    ).toBe("vllm");
  });

  test.each([
    [
      "[row 80] an upstream without encryption",
      { BASE_URL: "http://10.0.0.5:8000/v1" },
      [
        "BASE_URL is not encrypted: your key and your code are sent to 10.0.0.5:8000 in the clear. Use https:// if the server supports it.",
      ],
    ],
    ["but not on this machine", { BASE_URL: "http://127.0.0.1:8000/v1" }, []],
    [
      "an address without a path",
      { BASE_URL: "http://localhost:11434" },
      [
        "BASE_URL has no path. Most servers need one: try http://localhost:11434/v1 if requests fail with 404.",
      ],
    ],
    [
      "[row 83] certificates that are not checked",
      { NODE_TLS_REJECT_UNAUTHORIZED: "0" },
      [
        "NODE_TLS_REJECT_UNAUTHORIZED=0 is set: certificates are not checked, so anyone on the network path can read your key.",
      ],
    ],
    [
      "a short key for clients",
      { PROXY_API_KEY: "secret" },
      ["PROXY_API_KEY has fewer than 16 characters and could be guessed."],
    ],
    ["one that is just long enough", { PROXY_API_KEY: "0123456789abcdef" }, []],
  ])("%s", (_name, env, warnings) => {
    expect(warningsOf(env)).toEqual(warnings);
  });
});
