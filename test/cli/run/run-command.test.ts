import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { startListServer } from "../../knowledge/list-server.ts";
import { soonMs } from "../../support/soon-ms.ts";
import { startProgram } from "../../support/start-program.ts";
import { startScene } from "./start-scene.ts";

/** The fake Claude Code is a shell script. */
const onUnix = describe.skipIf(process.platform === "win32");

/** A server that listens and knows nothing: nobody is asked for an answer here. */
const models = startListServer({});

afterAll(async () => {
  await models[Symbol.asyncDispose]();
});

const only = {
  BASE_URL: models.baseUrl,
  OPENAI_API_KEY: "sk-upstream-key",
  BIG_MODEL_NAME: "vendor/big",
  SMALL_MODEL_NAME: "vendor/small",
  // Nobody else says it of these models.
  CLAUDE_CODE_MAX_CONTEXT_TOKENS: "131072",
};

const file = `
upstreams:
  desk: { url: "${models.baseUrl}", key: sk-desk-upstream-key }
routes:
  default: desk/vendor/glm
  sonnet: desk/vendor/glm
models:
  desk/vendor/glm:
    name: GLM
    window: 131072
    max_output: 16384
    price: { input: 0.6, output: 2.2, cache_read: 0.11, cache_write: 0.6 }
`;

onUnix("with no proxy that runs, one is started for as long as Claude Code runs", () => {
  test("arguments, standard input and exit code pass, and nothing stays behind", async () => {
    using scene = startScene("2.1.330", only);
    const done = await scene.run(["run", "--", "-p", "say 'hi'", "--verbose", "--", "-x"], {
      stdin: "typed",
      env: { EXIT: "37", ANTHROPIC_API_KEY: "sk-ant-canary", HTTP_PROXY: "http://127.0.0.1:1" },
    });
    expect(done).toEqual({ out: "proxy 200\n", err: "", exitCode: 37 });
    const { args, env, stdin } = scene.seen();
    expect(stdin).toBe("typed");
    expect(args.slice(-5)).toEqual(["-p", "say 'hi'", "--verbose", "--", "-x"]);
    expect(env).toMatchObject({
      ANTHROPIC_BASE_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      ANTHROPIC_AUTH_TOKEN: "local",
      CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST: "1",
      CLAUDE_CODE_AUTO_MODE_MODEL: "haiku",
      NO_PROXY: "127.0.0.1",
    });
    expect(env["ANTHROPIC_API_KEY"]).toBeUndefined();
    // The state of the proxy, its log, and what our Claude Code wrote.
    // Bun's own cache of what it has compiled is none of a built program.
    const tree = scene.tree().filter((line) => !line.startsWith(".bun"));
    const names = tree.map((line) => line.split(" ")[0]?.split("/")[0]);
    expect([...new Set(names)].toSorted()).toEqual(["claude-proxy.log", "seen.json"]);
    await expect(fetch(env["ANTHROPIC_BASE_URL"] ?? "")).rejects.toThrow();
  });

  test("a program that the client leaves behind when it tells its version is not waited for", async () => {
    using scene = startScene("2.1.330", only);
    const done = await scene.run(["run"], { env: { LINGER: "1" } });
    process.kill(Number(readFileSync(join(scene.home, "left"), "utf8")));
    expect(done).toEqual({ out: "proxy 200\n", err: "", exitCode: 0 });
  });

  test("a session gets rows, windows, prices and the model of a configuration file", async () => {
    using scene = startScene("2.1.330", {});
    const done = await scene.run([
      "run",
      "--model",
      "desk/vendor/glm",
      "--config",
      scene.write("c.yaml", file),
    ]);
    expect(done).toEqual({ out: "proxy 200\n", err: "", exitCode: 0 });
    const { args, env } = scene.seen();
    expect(args[0]).toBe("--settings");
    const price = { input: 0.6, output: 2.2, cacheRead: 0.11, cacheWrite: 0.6 };
    expect(JSON.parse(args[1] ?? "")).toEqual({
      modelPicker: {
        options: [
          {
            model: "desk/vendor/glm",
            label: "GLM",
            description: "desk/vendor/glm · 131k tokens · $0.6/$2.2 per Mtok",
          },
        ],
      },
      modelSettings: Object.fromEntries(
        ["fable", "opus", "sonnet", "haiku", "desk/vendor/glm"].map((id) => [
          id,
          { autoCompactWindow: 131_072 },
        ]),
      ),
    });
    expect(args[2]).toBe("--managed-settings");
    expect(JSON.parse(args[3] ?? "")).toMatchObject({
      modelPricing: { overrides: { "desk/vendor/glm": price, "claude-sonnet-5-5": price } },
    });
    expect(args.slice(4)).toEqual(["--model", "desk/vendor/glm"]);
    expect(env).toMatchObject({
      CLAUDE_CODE_MAX_CONTEXT_TOKENS: "131072",
      CLAUDE_CODE_MAX_OUTPUT_TOKENS: "16384",
    });
  });

  test("an old version is given variables, and one line says what is missing", async () => {
    using scene = startScene("1.0.56", {});
    const done = await scene.run(["run", "--config", scene.write("c.yaml", file), "--", "-p", "hi"]);
    expect(done.err).toBe(
      "claude-proxy: Claude Code 1.0.56 could not be told: models in /model, each model's window, prices\n",
    );
    expect([done.exitCode, scene.seen().args]).toEqual([0, ["-p", "hi"]]);
  });

  test.each([
    [
      "vendor/gml",
      'The proxy has no model "vendor/gml". It has: claude-opus, claude-sonnet, desk/vendor/glm\n',
    ],
    ["disk/vendor/glm", 'The proxy has no model "disk/vendor/glm". Did you mean desk/vendor/glm?\n'],
    ["glm", 'The proxy has no model "glm". Did you mean desk/vendor/glm?\n'],
    ["sonet", 'The proxy has no model "sonet". Did you mean sonnet?\n'],
  ])("%s is no model", async (model, message) => {
    using scene = startScene("2.1.330", {});
    const strict = file.replace("default: desk/vendor/glm", "opus: desk/vendor/glm");
    const done = await scene.run(["run", "--config", scene.write("c.yaml", strict), "--model", model]);
    expect(done).toEqual({ out: "", err: message, exitCode: 2 });
  });

  test.each(["vendor/other", "opus", "claude-sonnet-5-5", "default"])(
    "%s goes somewhere without a configuration file",
    async (model) => {
      using scene = startScene("2.1.330", only);
      expect(await scene.run(["run", "--model", model])).toMatchObject({ exitCode: 0, err: "" });
      expect(scene.seen().args.slice(-2)).toEqual(["--model", model]);
    },
  );

  test("what has no slash and is no Claude is none there", async () => {
    using scene = startScene("2.1.330", only);
    expect(await scene.run(["run", "--model", "gpt"])).toEqual({
      out: "",
      err:
        'The proxy has no model "gpt". ' +
        "It has: claude-opus, claude-sonnet, claude-haiku, vendor/big, vendor/small\n",
      exitCode: 2,
    });
  });

  test("settings that do not suffice for a start are explained, and Claude Code does not start", async () => {
    using scene = startScene("2.1.330", {});
    const done = await scene.run(["run"]);
    expect(done.exitCode).toBe(2);
    expect(done.err).toContain("BIG_MODEL_NAME");
    expect(done.err).toEndWith("\nTo be asked for what is missing: claude-proxy init\n");
    expect(existsSync(join(scene.home, "seen.json"))).toBe(false);
  });

  test("a server of models that is not running is told: Claude Code would only try again and again", async () => {
    using scene = startScene("2.1.330", { ...only, BASE_URL: "http://127.0.0.1:9/v1" });
    expect(await scene.run(["run"])).toEqual({
      out: "proxy 200\n",
      err:
        "claude-proxy: nothing listens at http://127.0.0.1:9, where models are asked for. Is the server running? " +
        "Claude Code would try for minutes before it says so.\n",
      exitCode: 0,
    });
  });

  test("without Claude Code it says how to get it", async () => {
    using scene = startScene(null, only);
    expect(await scene.run(["run"])).toEqual({
      out: "",
      err:
        "Claude Code is not installed: there is no claude in PATH.\n" +
        "Install it, then run this again: curl -fsSL https://claude.ai/install.sh | bash\n" +
        "Or with npm: npm install -g @anthropic-ai/claude-code\n",
      exitCode: 1,
    });
  });
});

onUnix("a proxy that runs is used", () => {
  test("with its key, which is in no argument", async () => {
    await using proxy = await startProgram(only.BASE_URL, { PROXY_API_KEY: "client-key-0123456789" });
    using scene = startScene("2.1.330", {
      ...only,
      PORT: String(proxy.port),
      PROXY_API_KEY: "client-key-0123456789",
    });
    // It is found behind an HTTP proxy, too, which could not reach it.
    const done = await scene.run(["run"], { env: { HTTP_PROXY: "http://127.0.0.1:1" } });
    expect(done).toEqual({ out: "proxy 200\n", err: "", exitCode: 0 });
    const { env, args } = scene.seen();
    expect([env["ANTHROPIC_BASE_URL"], env["ANTHROPIC_AUTH_TOKEN"]]).toEqual([
      proxy.url,
      "client-key-0123456789",
    ]);
    expect(args.join(" ")).not.toContain("0123456789");
    expect(proxy.exitCode()).toBeNull();
  });

  test("not without its key", async () => {
    await using proxy = await startProgram(only.BASE_URL, { PROXY_API_KEY: "client-key-0123456789" });
    using scene = startScene("2.1.330", { PORT: String(proxy.port) });
    expect(await scene.run(["run"])).toEqual({
      out: "",
      err:
        `The proxy at ${proxy.url} does not take the key of these settings.\n` +
        "Set PROXY_API_KEY to its own, or name its file: --config or --env-file\n",
      exitCode: 1,
    });
  });

  test("the client's own login is kept where an upstream gets it", async () => {
    const passing = `
upstreams:
  own: { url: "http://127.0.0.1:9", protocol: anthropic, key: client }
routes:
  default: own/*
clients:
  me: { key: me-client-key-0123456789 }
`;
    await using proxy = await startProgram("", {}, { file: passing });
    using scene = startScene("2.1.330", { PORT: String(proxy.port) });
    const config = scene.write("c.yaml", passing);
    expect(await scene.run(["run", "--config", config])).toEqual({
      out: "proxy 200\n",
      err: "",
      exitCode: 0,
    });
    const { env, args, settingsFile: first } = scene.seen();
    expect([env["ANTHROPIC_AUTH_TOKEN"], env["CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST"]]).toEqual([
      undefined,
      undefined,
    ]);
    expect(env["ANTHROPIC_CUSTOM_HEADERS"]).toBe("x-claude-proxy-key: me-client-key-0123456789");
    // Headers in settings win over those of the environment: in a project's, which are not known, and in his own.
    expect(JSON.parse(first ?? "")).toMatchObject({
      env: {
        ANTHROPIC_BASE_URL: proxy.url,
        ANTHROPIC_CUSTOM_HEADERS: "x-claude-proxy-key: me-client-key-0123456789",
      },
    });
    expect(args.join(" ")).not.toContain("0123456789");

    scene.write(".claude/settings.json", '{"env":{"ANTHROPIC_CUSTOM_HEADERS":"x-mine: 1"}}');
    expect((await scene.run(["run", "--config", config])).exitCode).toBe(0);
    const { args: words, settingsFile } = scene.seen();
    expect(JSON.parse(settingsFile ?? "")).toMatchObject({
      env: { ANTHROPIC_CUSTOM_HEADERS: "x-mine: 1\nx-claude-proxy-key: me-client-key-0123456789" },
    });
    expect(words.join(" ")).not.toContain("0123456789");
    expect(existsSync(words[1] ?? "")).toBe(false);
  });
});

onUnix("what the user himself has set", () => {
  test("rows and settings are merged, and a file with settings stays out of the arguments", async () => {
    using scene = startScene("2.1.330", {});
    const config = scene.write("c.yaml", file);
    scene.write(".claude/settings.json", '{"modelPicker":{"options":[{"model":"mine/a"}]},"theme":"dark"}');
    const given = scene.write("given.json", '{"env":{"SECRET":"canary"}}');
    const before = scene.tree();
    expect(await scene.run(["run", "--config", config, "--", "--settings", given, "-p", "hi"])).toMatchObject(
      {
        err: "",
        exitCode: 0,
      },
    );
    const { args, settingsFile } = scene.seen();
    expect(args.filter((word) => word === "--settings").length).toBe(1);
    expect(args.slice(-2)).toEqual(["-p", "hi"]);
    expect(args.join(" ")).not.toContain("canary");
    const settings: Record<string, unknown> = JSON.parse(settingsFile ?? "");
    expect(settings).toMatchObject({
      env: { SECRET: "canary" },
      modelPicker: { options: [{ model: "mine/a" }, { model: "desk/vendor/glm" }] },
    });
    expect(Object.keys(settings).toSorted()).toEqual(["env", "modelPicker", "modelSettings"]);
    expect(existsSync(args[1] ?? "")).toBe(false);
    expect(readdirSync(tmpdir()).filter((name) => args[1]?.includes(`/${name}/`))).toEqual([]);
    expect(scene.tree().filter((line) => before.includes(line))).toEqual(before);
  });

  test("an address in the settings of an old client stops the start", async () => {
    using scene = startScene("1.0.56", only);
    scene.write(".claude/settings.json", '{"env":{"ANTHROPIC_BASE_URL":"https://elsewhere.example"}}');
    expect(await scene.run(["run"])).toEqual({
      out: "",
      err:
        "This Claude Code is too old for its address to be set from outside: the ANTHROPIC_BASE_URL in your settings " +
        "would win, and no request would come to the proxy.\n" +
        "Remove it from ~/.claude/settings.json, or update Claude Code: claude update\n",
      exitCode: 1,
    });
  });

  test.each([
    ["--settings={no", "--settings: What is given there is no JSON object."],
    ["--settings=missing.json", "--settings: the file cannot be read:"],
  ])("%s cannot be merged", async (word, message) => {
    using scene = startScene("2.1.330", only);
    const done = await scene.run(["run", "--", word]);
    expect([done.exitCode, done.out]).toEqual([2, ""]);
    expect(done.err).toStartWith(message);
  });

  test("settings that are no JSON are told, and the start goes on", async () => {
    using scene = startScene("2.1.330", only);
    scene.write(".claude/settings.json", "{");
    expect(await scene.run(["run"])).toEqual({
      out: "proxy 200\n",
      err: "claude-proxy: your settings in ~/.claude/settings.json are not merged: it is no JSON object\n",
      exitCode: 0,
    });
  });

  test("a model of ours that Claude Code saved as its default is told", async () => {
    using scene = startScene("2.1.330", {});
    const config = scene.write("c.yaml", file);
    const run = (saved: string) => scene.run(["run", "--config", config], { env: { SAVE: saved } });
    expect((await run("desk/vendor/glm")).err).toBe(
      "claude-proxy: Claude Code has saved desk/vendor/glm as its default model, and would ask Anthropic for it without the proxy.\n" +
        'To undo it: choose Default in /model, or remove "model" from ~/.claude/settings.json\n',
    );
    // It was there before, or is none of ours.
    expect((await run("desk/vendor/glm")).err).toBe("");
    expect((await run("opus")).err).toBe("");
  });
});

/** What a program writes, while it is read; `awaitWord` waits until the word is there. */
function readOutput(stream: ReadableStream<Uint8Array>) {
  let text = "";
  let isEnded = false;
  const decoder = new TextDecoder();
  const ended = (async () => {
    for await (const bytes of stream) text += decoder.decode(bytes, { stream: true });
    isEnded = true;
  })();
  return {
    async awaitWord(word: string) {
      while (!text.includes(word) && !isEnded) await Bun.sleep(5);
    },
    all: async () => {
      await ended;
      return text;
    },
  };
}

onUnix("signals", () => {
  test.each([
    ["SIGINT", 40],
    ["SIGTERM", 143],
    // Its number differs from system to system.
    ["SIGUSR2", 128 + constants.signals.SIGUSR2],
  ] as const)("%s without a terminal reaches Claude Code, whose end is ours", async (signal, exitCode) => {
    using scene = startScene("2.1.330", only);
    const child = scene.start(["run"], { WAIT: "1" });
    const output = readOutput(child.stdout);
    await output.awaitWord("waiting");
    child.kill(signal);
    const ended = await Promise.race([child.exited, Bun.sleep(soonMs).then(() => "still running")]);
    expect(ended).toBe(exitCode);
    expect(await output.all()).toBe(
      signal === "SIGINT" ? "proxy 200\nwaiting\ninterrupted\n" : "proxy 200\nwaiting\n",
    );
  });
});

onUnix("env", () => {
  test("prints what a shell evaluates, and says what variables cannot do", async () => {
    await using proxy = await startProgram(only.BASE_URL, { PROXY_API_KEY: "client-key-0123456789" });
    using scene = startScene(null, { PORT: String(proxy.port), PROXY_API_KEY: "client-key-0123456789" });
    expect(
      await scene.run(["env", "bash", "--model", "opus"], { env: { ANTHROPIC_API_KEY: "example" } }),
    ).toEqual({
      out: `export ANTHROPIC_BASE_URL='${proxy.url}'
export CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST='1'
export CLAUDE_CODE_GATEWAY_HINT_HEADERS='1'
export ANTHROPIC_AUTH_TOKEN='client-key-0123456789'
export CLAUDE_CODE_AUTO_MODE_SERVER='0'
export CLAUDE_CODE_AUTO_MODE_MODEL='haiku'
unset ANTHROPIC_API_KEY
export ANTHROPIC_MODEL='opus'
`,
      err: "Variables cannot set: models in /model. claude-proxy run sets what it can.\n",
      exitCode: 0,
    });
    const json = await scene.run(["env", "json"]);
    expect(JSON.parse(json.out)).toMatchObject({ ANTHROPIC_BASE_URL: proxy.url });
  });

  test("without a proxy there is nothing to print", async () => {
    using scene = startScene(null, only);
    expect(await scene.run(["env"])).toEqual({
      out: "",
      err:
        "No claude-proxy answers, so there is nothing to point Claude Code at.\n" +
        "Start it: claude-proxy serve. Or let one start with Claude Code: claude-proxy run\n",
      exitCode: 1,
    });
  });
});

onUnix("a proxy of our own that starts for the first time", () => {
  test("waits a moment for what its upstream tells of its models", async () => {
    await using upstream = startListServer({
      "GET /v1/models": { object: "list", data: [{ id: "vendor/glm", context_length: 131_072 }] },
    });
    using scene = startScene("2.1.330", {});
    const config = `
upstreams:
  desk: { url: "${upstream.baseUrl}", key: sk-desk-upstream-key }
routes:
  default: desk/vendor/glm
`;
    expect(await scene.run(["run", "--config", scene.write("c.yaml", config)])).toMatchObject({
      exitCode: 0,
      err: "",
    });
    expect(scene.seen().env["CLAUDE_CODE_MAX_CONTEXT_TOKENS"]).toBe("131072");
    expect(readFileSync(join(scene.home, "claude-proxy.log"), "utf8")).not.toContain("sk-desk");
    // The next one knows it from its file.
    expect((await scene.run(["run", "--config", scene.write("c.yaml", config)])).err).toBe("");
    expect(scene.seen().env["CLAUDE_CODE_MAX_CONTEXT_TOKENS"]).toBe("131072");
    expect(upstream.requests.filter(({ method }) => method === "GET").length).toBe(1);
  });

  test("also without a configuration file; what nobody tells is said", async () => {
    await using upstream = startListServer({
      "GET /v1/models": { data: [{ id: "vendor/big", max_model_len: 65_536 }] },
    });
    using scene = startScene("2.1.330", {
      BASE_URL: upstream.baseUrl,
      BIG_MODEL_NAME: "vendor/big",
      SMALL_MODEL_NAME: "vendor/small",
    });
    expect(await scene.run(["run"])).toEqual({
      out: "proxy 200\n",
      err:
        "claude-proxy: Claude Code 2.1.330 could not be told: the unknown window of vendor/small (it assumes 65.5k; " +
        "CLAUDE_CODE_AUTO_COMPACT_WINDOW sets it)\n",
      exitCode: 0,
    });
    expect(scene.seen().env).toMatchObject({
      CLAUDE_CODE_MAX_CONTEXT_TOKENS: "65536",
      ANTHROPIC_DEFAULT_SONNET_MODEL: "claude-sonnet",
      ANTHROPIC_DEFAULT_HAIKU_MODEL: "claude-haiku-5-5",
    });
  });
});
