import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { CommandError } from "../../src/cli/command-error.ts";
import { loadServiceSettings } from "../../src/cli/service/plan-service.ts";
import { ConfigError } from "../../src/config/config-error.ts";
import { loadConfig } from "../../src/config/load-config.ts";

const main = join(import.meta.dir, "../../src/main.ts");
const models = "BIG_MODEL_NAME=b\nSMALL_MODEL_NAME=s\n";
const key = "sk-or-v1-0123456789abcdef0123456789abcdef";
const whole = `OPENAI_API_KEY=${key}\n${models}`;

let home: string;
let envPath: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "wrong-turns-"));
  envPath = join(home, ".config/claude-proxy/.env");
  mkdirSync(dirname(envPath), { recursive: true });
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

interface Turn {
  /** Text of the `.env` file in the config folder; none without it. */
  file?: string | Uint8Array;
  env?: Record<string, string>;
  /** Of the real program, which is then started. */
  args?: string[];
  /** Other files by their path below the home folder, which is the current one. */
  files?: Record<string, string>;
}

/**
 * What is said instead of a start, with the home folder as `~`: by the real program where the turn has arguments, else by
 * what it loads its settings with, as each start of the program is half a second.
 */
function refuse({ file, env = {}, args, files = {} }: Turn): string[] {
  if (file !== undefined) writeFileSync(envPath, file, { mode: 0o600 });
  for (const [path, text] of Object.entries(files)) {
    writeFileSync(join(home, path), text, { mode: 0o600 });
  }
  const told = args === undefined ? loadWrong(env) : startWrong(env, args);
  return told.replaceAll(home, "~").split("\n");
}

function loadWrong(env: Record<string, string>): string {
  try {
    loadConfig({ env, platform: "linux", homeDir: home, executablePath: "/nowhere/x", currentFolder: home });
    return "";
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

function startWrong(env: Record<string, string>, args: string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync(
    [process.execPath, "--no-env-file", main, "serve", ...args],
    {
      cwd: home,
      env: { HOME: home, PATH: process.env["PATH"] ?? "", ...env },
      stdin: "ignore",
      timeout: 20_000,
    },
  );
  expect([exitCode, stdout.toString()]).toEqual([2, ""]);
  return stderr.toString().trimEnd();
}

const file = "~/.config/claude-proxy/.env";
const places = `Settings are read from flags (see: claude-proxy serve --help), the environment, and ${file}`;
const noKey = "OPENAI_API_KEY is not set, but openrouter.ai needs a key. Example: OPENAI_API_KEY=sk-or-v1-…";
const noBig = "BIG_MODEL_NAME is not set. Example: BIG_MODEL_NAME=z-ai/glm-4.6";
const noSmall = "SMALL_MODEL_NAME is not set. Example: SMALL_MODEL_NAME=openai/gpt-5-mini";
const first = [
  "To be asked for all of it, with models to choose from: claude-proxy init",
  "To try it first without a key: claude-proxy demo",
];
const mine = (name: string) =>
  `~/${name} is not read, because the current folder may not be yours. If it is: --env-file .env`;

const refused: [string, Turn, string[]][] = [
  [
    "[turn 39] nothing is set",
    { args: [] },
    [noKey, noBig, noSmall, `${places} (does not exist yet)`, ...first],
  ],
  [
    "[turn 40] the .env lies in the current folder",
    { files: { ".env": whole }, args: [] },
    [noKey, noBig, noSmall, `${places} (does not exist yet)`, mine(".env"), ...first],
  ],
  [
    "[turn 40] the same, beside one that is read",
    { file: models, files: { ".env": whole } },
    [noKey, places, mine(".env")],
  ],
  ...["env.txt", ".env.txt", "env", ".env.example", "claude-proxy.env"].map(
    (name): [string, Turn, string[]] => [
      `[turn 41] the file is called ${name}`,
      { files: { [`.config/claude-proxy/${name}`]: whole } },
      [
        noKey,
        noBig,
        noSmall,
        `${places} (does not exist yet)`,
        `~/.config/claude-proxy/${name} is not read: its name must be .env`,
        ...first,
      ],
    ],
  ),
  [
    "[turn 42] BIG_MODEL and SMALL_MODEL, of another proxy",
    { file: `OPENAI_API_KEY=${key}\nBIG_MODEL=b\nSMALL_MODEL=s` },
    [
      `BIG_MODEL_NAME is not set, but BIG_MODEL is (from ${file}). Use the name BIG_MODEL_NAME.`,
      `SMALL_MODEL_NAME is not set, but SMALL_MODEL is (from ${file}). Use the name SMALL_MODEL_NAME.`,
      places,
    ],
  ],
  ...["OPENROUTER_API_KEY", "API_KEY", "DEEPSEEK_API_KEY", "OPENAI_KEY", "OPEN_API_KEY"].map(
    (name): [string, Turn, string[]] => [
      `[turn 43] the key as ${name}`,
      { file: `${name}=${key}\n${models}` },
      [`OPENAI_API_KEY is not set, but ${name} is (from ${file}). Use the name OPENAI_API_KEY.`, places],
    ],
  ),
  [
    "[turn 43] the key of another program in the environment",
    { file: models, env: { OPENROUTER_API_KEY: key } },
    [
      "OPENAI_API_KEY is not set, but OPENROUTER_API_KEY is (from the environment). Use the name OPENAI_API_KEY.",
      places,
    ],
  ],
  ...["OPENAI_BASE_URL", "OPENAI_API_BASE", "OLLAMA_HOST", "base_url", "BASEURL", "BASE_ULR"].map(
    (name): [string, Turn, string[]] => [
      `[turn 44] the address as ${name}`,
      { file: `${name}=http://localhost:11434/v1\nOPENAI_API_KEY=sk-local\n${models}` },
      [
        `BASE_URL is not set, but ${name} is (from ${file}): your key and your code would be sent to openrouter.ai, the default. Use the name BASE_URL.`,
        places,
      ],
    ],
  ),
  [
    "[turn 44] OPENAI_BASE_URL in the environment, beside its key",
    {
      args: [],
      file: models,
      env: { OPENAI_BASE_URL: "http://localhost:11434/v1", OPENAI_API_KEY: "sk-local" },
    },
    [
      "BASE_URL is not set, but OPENAI_BASE_URL is (from the environment): your key and your code would be sent to openrouter.ai, the default. Use the name BASE_URL.",
      places,
    ],
  ],
  [
    "[turn 49] names in lower case",
    { file: `openai_api_key=${key}\nbig_model_name=b\nSmall-Model-Name=s` },
    [
      `OPENAI_API_KEY is not set, but openai_api_key is (from ${file}). Use the name OPENAI_API_KEY.`,
      `BIG_MODEL_NAME is not set, but big_model_name is (from ${file}). Use the name BIG_MODEL_NAME.`,
      `SMALL_MODEL_NAME is not set, but Small-Model-Name is (from ${file}). Use the name SMALL_MODEL_NAME.`,
      places,
    ],
  ],
  [
    "[turn 50] a key of OpenAI in the environment, and no address",
    { file: models, env: { OPENAI_API_KEY: "sk-proj-0123456789" } },
    [
      "OPENAI_API_KEY begins with sk-proj-, like keys of api.openai.com, but the upstream is openrouter.ai (key from the environment, address from the default). Set BASE_URL=https://api.openai.com/v1, or OPENAI_API_KEY to a key of openrouter.ai.",
      places,
    ],
  ],
  ...(
    [
      ["sk-ant-api03-01234", "sk-ant-", "https://api.anthropic.com/v1", "https://openrouter.ai/api/v1"],
      ["sk-or-v1-01234", "sk-or-", "https://openrouter.ai/api/v1", "https://api.openai.com/v1"],
      ["gsk_01234", "gsk_", "https://api.groq.com/openai/v1", "https://api.deepseek.com"],
      ["sk-svcacct-01234", "sk-svcacct-", "https://api.openai.com/v1", "https://api.x.ai/v1"],
    ] as const
  ).map(([wrong, start, right, address]): [string, Turn, string[]] => {
    const [owner, upstream] = [new URL(right).host, new URL(address).host];
    return [
      `[turn 51] a key of ${owner} at ${upstream}`,
      { file: `OPENAI_API_KEY=${wrong}\nBASE_URL=${address}\n${models}` },
      [
        `OPENAI_API_KEY begins with ${start}, like keys of ${owner}, but the upstream is ${upstream} (both from ${file}). Set BASE_URL=${right}, or OPENAI_API_KEY to a key of ${upstream}.`,
        places,
      ],
    ];
  }),
  [
    "[turn 51] an OpenAI key of the old form",
    { file: `OPENAI_API_KEY=sk-0123456789T3BlbkFJ0123456789\n${models}` },
    [
      expect.stringMatching(/^OPENAI_API_KEY contains T3BlbkFJ, like keys of api.openai.com, but the upstr/),
      places,
    ],
  ],
  ...["sk-or-v1-…", "sk-or-v1-...", "sk-..."].map((copied): [string, Turn, string[]] => [
    `[turn 58] the README's key ${copied}`,
    { file: `OPENAI_API_KEY=${copied}\n${models}` },
    [
      `OPENAI_API_KEY still ends with the dots of the example (from ${file}). Put your own value there.`,
      places,
    ],
  ]),
  ...(["utf-16le", "utf-16be", "without a mark"] as const).map((form): [string, Turn, string[]] => {
    const bytes = Buffer.from(`${form === "without a mark" ? "" : "\ufeff"}${whole}`, "utf16le");
    return [
      `[turn 63] the file is UTF-16 (${form})`,
      { file: form === "utf-16be" ? bytes.swap16() : bytes, args: [] },
      [
        `${file} cannot be read: it is UTF-16, as written by Notepad and PowerShell 5. Save it with the encoding UTF-8`,
        places,
      ],
    ];
  }),
  ...[0xff, 0xfe].map((first): [string, Turn, string[]] => [
    `[turn 63] the file is neither UTF-8 nor UTF-16 (${first})`,
    { file: Buffer.from([first, ...Buffer.from(whole)]), args: [] },
    [
      `${file}, line 1 is not of the form NAME=value`,
      "OPENAI_API_KEY is not set, but openrouter.ai needs a key. Example: OPENAI_API_KEY=sk-or-v1-…",
      places,
    ],
  ]),
  [
    "[turn 67] --env-file names none",
    { args: ["--env-file", "nope.env"], env: { PORT: "x" } },
    [
      "--env-file nope.env: there is no such file",
      'PORT="x" must be a whole number from 0 to 65535 (from the environment). Example: PORT=8080',
      places.replace(file, "~/nope.env"),
    ],
  ],
  ...["mybox", "x86_64-conda-linux-gnu", "mybox.example.com"].map((name): [string, Turn, string[]] => [
    `[turn 70] HOST=${name} in the environment`,
    { file: `HOST=127.0.0.1\n${whole}`, env: { HOST: name } },
    [
      `PROXY_API_KEY is not set, but HOST is ${name} (from the environment, where some shells and conda set it): others could spend your key. Run: unset HOST, or start with --host 127.0.0.1, or set PROXY_API_KEY.`,
      places,
    ],
  ]),
  [
    "[turn 70] HOST in the file",
    { file: `HOST=0.0.0.0\n${whole}` },
    [
      `PROXY_API_KEY is not set, but HOST is 0.0.0.0 (from ${file}): others could spend your key. Set it, or use HOST=127.0.0.1. Example: PROXY_API_KEY=a-long-random-text`,
      places,
    ],
  ],
  ...["--api-key", "--key", "--openai-api-key", "--proxy-api-key"].map((flag): [string, Turn, string[]] => [
    `[turn 73] ${flag}`,
    { args: [flag, key] },
    [
      "Keys are never read from a flag: other users of the machine can see the flags of a running program. Set OPENAI_API_KEY in the environment or the .env file, and PROXY_API_KEY for clients.",
    ],
  ]),
  [
    "[turn 73] --model",
    { args: ["--model", "x"] },
    ["There are three models. Use --big-model and --small-model, and --medium-model if you like."],
  ],
  ...["http://localhost:8080/v1", "http://127.0.0.1:8080/v1"].map((address): [string, Turn, string[]] => [
    `[turn 38] the upstream ${address} is the proxy itself`,
    { file: `BASE_URL=${address}\n${models}` },
    [
      "PORT 8080 is also the port of BASE_URL: claude-proxy would call itself. Choose another. Example: PORT=8081",
      places,
    ],
  ]),
];

describe("a wrong turn that does not start is said once, with the way out", () => {
  test.each(refused)("%s", (_turn, turn, lines) => {
    const told = refuse(turn);
    expect(told).toEqual(lines);
    expect(told.join("\n")).not.toContain(key);
  });

  test("[turn 66] of a file that may not be read, nothing is missed", () => {
    mkdirSync(envPath);
    expect(refuse({})).toEqual([`${file} cannot be read: it is not a file`, places]);
  });
});

const local = `BASE_URL=http://localhost:11434/v1\n${models}`;
const onlyInEnvironment = (name: string) =>
  `${file} sets ${name}, which works only in the environment. Set it in the shell that starts claude-proxy.`;
const overridden = (name: string) =>
  `${name} is set in the environment and, with a different value, in ${file}. The environment's value is used. To use the file's, run: unset ${name}`;

const warned: [string, Turn, string[]][] = [
  ["nothing is wrong", { file: whole }, []],
  ["nothing is wrong: docker compose's own names", { file: `${whole}COMPOSE_PROJECT_NAME=x` }, []],
  ["nothing is wrong: names with nothing behind them", { file: `${whole}FOO=\nOPENAI_BASE_URL=` }, []],
  [
    "nothing is wrong: what other programs have in the environment",
    { file: whole, env: { OPENAI_BASE_URL: "http://localhost:1/v1", GROQ_API_KEY: "x", MODEL: "y" } },
    [],
  ],
  [
    "[turn 44] OPENAI_BASE_URL beside a key of the default upstream",
    { file: `${whole}OPENAI_BASE_URL=https://openrouter.ai/api/v1` },
    [`${file} sets OPENAI_BASE_URL, which is not a setting. Did you mean BASE_URL?`],
  ],
  [
    "[turn 45] a slip of the hand",
    { file: `${whole}MEDUIM_MODEL_NAME=m\nPROT=9000\nLOG_LEVLE=DEBUG` },
    [
      `${file} sets MEDUIM_MODEL_NAME, which is not a setting. Did you mean MEDIUM_MODEL_NAME?`,
      `${file} sets PROT, which is not a setting. Did you mean PORT?`,
      `${file} sets LOG_LEVLE, which is not a setting. Did you mean LOG_LEVEL?`,
    ],
  ],
  ["[turn 45] a name like none", { file: `${whole}FOO=1` }, [`${file} sets FOO, which is not a setting.`]],
  [
    "[turn 45] several, and one whose setting is set",
    { file: `${whole}FOO=1\nBAR=2\nOPENROUTER_API_KEY=x` },
    [
      `${file} sets 3 names that are not settings: FOO, BAR, OPENROUTER_API_KEY (OPENAI_API_KEY is used instead).`,
    ],
  ],
  [
    "[turn 45] the file of another program",
    { file: `${whole}${"ABCDEFGHIJ".replace(/./g, "NO_$&=1\n")}` },
    [
      `${file} sets 10 names that are not settings: NO_A, NO_B, NO_C, NO_D, NO_E, NO_F, NO_G, NO_H and 2 more.`,
    ],
  ],
  [
    "[turn 45] a key for clients under another name",
    { file: `${whole}MASTER_KEY=0123456789abcdef0` },
    [`${file} sets MASTER_KEY, which is not a setting. Did you mean PROXY_API_KEY?`],
  ],
  [
    "[turn 45] what Claude Code reads",
    { file: `${whole}ANTHROPIC_AUTH_TOKEN=x` },
    [
      `${file} sets ANTHROPIC_AUTH_TOKEN, which has no effect here: set it in the terminal in which claude runs.`,
    ],
  ],
  [
    "[turn 46] certificates in the file",
    { file: `${whole}NODE_EXTRA_CA_CERTS=/ca.pem` },
    [onlyInEnvironment("NODE_EXTRA_CA_CERTS")],
  ],
  ...["HTTP_PROXY", "https_proxy", "NO_PROXY", "ALL_PROXY"].map((name): [string, Turn, string[]] => [
    `[turn 47] ${name} in the file`,
    { file: `${whole}${name}=http://p:1` },
    [onlyInEnvironment(name)],
  ]),
  [
    "a folder for the state in the file",
    { file: `${whole}STATE_DIRECTORY=/state` },
    [onlyInEnvironment("STATE_DIRECTORY")],
  ],
  [
    "[turn 47] the same in both places",
    { file: `${whole}HTTPS_PROXY=http://p:1`, env: { HTTPS_PROXY: "http://p:1" } },
    [],
  ],
  [
    "[turn 48] certificates that are not to be checked, in the file",
    { file: `${whole}NODE_TLS_REJECT_UNAUTHORIZED=0` },
    [onlyInEnvironment("NODE_TLS_REJECT_UNAUTHORIZED")],
  ],
  [
    "[turn 51] a company's key through somebody's gateway",
    { file: `OPENAI_API_KEY=sk-proj-01234\nBASE_URL=https://gateway.example.com/v1\n${models}` },
    [
      "OPENAI_API_KEY begins with sk-proj-, like keys of api.openai.com. It will be sent to gateway.example.com.",
    ],
  ],
  [
    "[turn 51] and through one's own",
    { file: `OPENAI_API_KEY=sk-proj-01234\nBASE_URL=http://localhost:4000/v1\n${models}` },
    [],
  ],
  [
    "[turn 51] a key of nobody knows whom at OpenRouter",
    { file: `OPENAI_API_KEY=sk-0123456789\n${models}` },
    [
      "OPENAI_API_KEY does not begin with sk-or-, as keys of openrouter.ai do. If it is another company's, set BASE_URL to that company's address.",
    ],
  ],
  ...(
    [
      ["https://openrouter.ai", "sk-or-1", "https://openrouter.ai/api/v1"],
      ["https://openrouter.ai/api", "sk-or-1", "https://openrouter.ai/api/v1"],
      ["https://openrouter.ai/v1", "sk-or-1", "https://openrouter.ai/api/v1"],
      ["https://openrouter.ai/api/v1/messages", "sk-or-1", "https://openrouter.ai/api/v1"],
      ["https://api.openai.com", "sk-proj-1", "https://api.openai.com/v1"],
      ["https://api.groq.com/v1", "gsk_1", "https://api.groq.com/openai/v1"],
      ["https://api.z.ai/v1", "k", "https://api.z.ai/api/paas/v4"],
      ["https://mine.openai.azure.com", "k", "https://mine.openai.azure.com/openai/v1"],
      ["https://mine.services.ai.azure.com/v1", "k", "https://mine.services.ai.azure.com/openai/v1"],
      [
        "https://generativelanguage.googleapis.com/v1beta",
        "AIza1",
        "https://generativelanguage.googleapis.com/v1beta/openai",
      ],
    ] as const
  ).map(([address, given, right]): [string, Turn, string[]] => [
    `[turn 52] [turn 53] ${address}`,
    { file: `OPENAI_API_KEY=${given}\nBASE_URL=${address}\n${models}` },
    [`BASE_URL is probably wrong: ${new URL(right).host} answers at ${right}`],
  ]),
  ...(
    [
      ["https://openrouter.ai/api/v1/", "sk-or-1"],
      ["https://eu.openrouter.ai/api/v1", "sk-or-1"],
      ["https://api.deepseek.com", "k"],
      ["https://api.deepseek.com/beta", "k"],
      ["https://api.z.ai/api/coding/paas/v4", "k"],
      ["https://coding.dashscope.aliyuncs.com/v1", "k"],
      ["https://api.perplexity.ai", "pplx-1"],
      ["https://mine.openai.azure.com/openai?api-version=1", "k"],
      ["https://mine.services.ai.azure.com/api/projects/p/openai/v1", "k"],
    ] as const
  ).map(([address, given]): [string, Turn, string[]] => [
    `[turn 52] ${address} is right`,
    { file: `OPENAI_API_KEY=${given}\nBASE_URL=${address}\n${models}` },
    [],
  ]),
  [
    "[turn 54] OpenRouter without encryption",
    { file: `BASE_URL=http://openrouter.ai/api/v1\n${whole}` },
    [
      "BASE_URL is not encrypted: your key and your code are sent to openrouter.ai in the clear. Use https:// if the server supports it.",
    ],
  ],
  [
    "[turn 37] the address of another API",
    { file: `BASE_URL=http://localhost:8000/v1/messages\n${models}` },
    [
      "BASE_URL ends in /messages, and the path of the API is appended to that: try http://localhost:8000/v1 if requests fail with 404.",
    ],
  ],
  [
    "[turn 34] Ollama's own API",
    { file: `BASE_URL=http://localhost:11434/api\n${models}` },
    [
      "BASE_URL ends in /api, where Ollama serves another API: try http://localhost:11434/v1 if requests fail with 404.",
    ],
  ],
  ...["host.docker.internal", "host.containers.internal", "0.0.0.0", "127.0.0.2", "[::1]"].map(
    (name): [string, Turn, string[]] => [
      `[turn 57] ${name} is this machine and needs no key`,
      { file: `BASE_URL=http://${name}:11434/v1\n${models}` },
      [],
    ],
  ),
  ...[
    "ollama",
    "192.168.1.5",
    "10.0.0.1",
    "172.31.9.9",
    "100.100.1.1",
    "mybox.local",
    "gpu.lan",
    "[fd00::5]",
  ].map((name): [string, Turn, string[]] => [
    `[turn 57] ${name} is one's own and needs no key`,
    { file: `BASE_URL=http://${name}:11434/v1\n${models}` },
    [
      `BASE_URL is not encrypted: your code is sent to ${name}:11434 in the clear. Use https:// if the server supports it.`,
    ],
  ]),
  [
    "[turn 64] a # in a value",
    { file: local.replace("=s", "=s#x") },
    [
      `${file}, line 3: the value of SMALL_MODEL_NAME ends before its first #, because a comment begins there. If the # belongs to the value, put the whole value in quotes.`,
    ],
  ],
  ...(
    [
      ["BASE_URL", "http://localhost:1/v1"],
      ["PORT", "9999"],
      ["HOST", "::1"],
      ["SMALL_MODEL_NAME", "t"],
    ] as const
  ).map(([name, value]): [string, Turn, string[]] => [
    `[turn 69] another ${name} in the environment`,
    { file: `${local}PORT=9000\nHOST=127.0.0.1`, env: { [name]: value } },
    [overridden(name)],
  ]),
  ["[turn 69] the same in the environment", { file: `${local}PORT=9000`, env: { PORT: " 9000" } }, []],
  [
    "[turn 84] LOG_LEVEL=DEBUG",
    { file: `${local}LOG_LEVEL=debug` },
    [
      "LOG_LEVEL is DEBUG: whole prompts and answers, including your code, are written to ~/.local/state/claude-proxy/claude-proxy.log",
    ],
  ],
];

describe("a wrong turn that starts is warned of", () => {
  test.each(warned)("%s", (_turn, { file: text = "", env = {} }, lines) => {
    writeFileSync(envPath, text, { mode: 0o600 });
    const { warnings } = loadConfig({ env, platform: "linux", homeDir: home, executablePath: "/nowhere/x" });
    expect(warnings.map((line) => line.replaceAll(home, "~"))).toEqual(lines);
  });
});

test.each(["openrouter.ai", "8.8.8.8", "172.32.0.1", "100.128.0.1", "[2606:4700::1]", "vllm.example.com"])(
  "[turn 57] the server %s is somebody's, who needs a key",
  (name) => {
    const [line] = refuse({ file: `BASE_URL=https://${name}/api/v1\n${models}` });
    const rest = name === "openrouter.ai" ? "" : "; if it needs none, any word will do";
    expect(line).toBe(
      `OPENAI_API_KEY is not set, but ${name} needs a key${rest}. Example: OPENAI_API_KEY=sk-or-v1-…`,
    );
  },
);

test.each([
  [undefined, "~/.config/claude-proxy/.env", [noKey, noBig, noSmall]],
  ["nofile", "~/nofile", ["--env-file ~/nofile: there is no such file"]],
])("a service whose file is %p says so once, with the whole path", async (envFile, path, lines) => {
  const place = { platform: "linux", homeDir: home, env: {} } as const;
  const named = envFile === undefined ? {} : { envFile: relative(process.cwd(), join(home, envFile)) };
  const told = await loadServiceSettings(place, "/nowhere/claude-proxy", named).then(
    JSON.stringify,
    (error) => (error instanceof CommandError ? error.message : String(error)),
  );
  const hint = `A service does not see the settings in your shell. It reads them from ${path}`;
  expect(told.replaceAll(home, "~").split("\n")).toEqual([...lines, hint]);
});
