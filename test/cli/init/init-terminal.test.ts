import { describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { silence, status } from "../../support/reply.ts";
import { soonMs } from "../../support/soon-ms.ts";
import { createInitHome } from "./run-init.ts";
import { startModelServer } from "./start-model-server.ts";
import { startTerminal } from "./start-terminal.ts";

const key = "sk-canary-0123456789";

describe.skipIf(Bun.which("tmux") === null)("in a terminal", () => {
  test("it asks, tries, shows the file and writes it; the key is never on the screen", async () => {
    using home = createInitHome();
    await using upstream = await startModelServer();
    await using terminal = await startTerminal(["init", "--upstream", upstream.baseUrl], { HOME: home.home });
    await terminal.shows("Does it want a key?");
    await terminal.press("y");
    await terminal.shows("Type it, hidden; it is kept in a file");
    await terminal.press("Enter");
    await terminal.shows("◆  Key");
    await terminal.type(key);
    await terminal.press("Enter");
    await terminal.shows("Model for most of the work");
    await terminal.shows("200k tokens · $1 in, $2 out a million");
    await terminal.press("Enter");
    await terminal.shows("Small, quick model");
    await terminal.type("small");
    await terminal.shows("65.5k tokens");
    await terminal.press("Enter");
    await terminal.shows("Try it with one small request");
    await terminal.press("Enter");
    await terminal.shows("It works: vendor/big-1 called the tool");
    await terminal.shows("Write it?");
    expect(home.files()).toEqual([]);
    await terminal.press("Enter");
    const shown = await terminal.shows("exit code 0");
    expect(shown).toContain("OPENAI_API_KEY=********");
    expect(shown).not.toContain("canary");
    expect(home.read(".env")).toEndWith(`OPENAI_API_KEY=${key}
BASE_URL=${upstream.baseUrl}
BIG_MODEL_NAME=vendor/big-1
SMALL_MODEL_NAME=vendor/small-1
`);
  }, 60_000);

  test("it offers what is here, and takes over a file", async () => {
    using home = createInitHome();
    await using upstream = await startModelServer();
    mkdirSync(join(home.home, ".claude-code-router"));
    const router = {
      Providers: [
        { name: "desk", api_base_url: `${upstream.baseUrl}/chat/completions`, api_key: "x", models: [] },
      ],
      Router: { default: "desk,vendor/big-1", background: "desk,vendor/small-1" },
      PORT: 3456,
    };
    writeFileSync(join(home.home, ".claude-code-router", "config.json"), JSON.stringify(router));
    const env = {
      HOME: home.home,
      OLLAMA_HOST: new URL(upstream.baseUrl).host,
      GROQ_API_KEY: "gsk_canary0123456789",
      KIMI_API_KEY: "sk-kimi-canary-0123456789",
    };
    await using terminal = await startTerminal(["init"], env);
    const asked = await terminal.shows("Where are your models?");
    expect(asked).toContain("● Take over ~/.claude-code-router/config.json (desk)");
    expect(asked).toContain("Ollama on this machine");
    expect(asked).toContain("Groq");
    expect(asked).toContain("api.kimi.com");
    await terminal.press("Enter");
    await terminal.shows("- PORT: claude-proxy keeps its own port");
    await terminal.shows("Try it with one small request");
    await terminal.press("n");
    await terminal.shows("Write it?");
    await terminal.press("Enter");
    const shown = await terminal.shows("exit code 0");
    expect(shown).not.toContain("canary");
    expect(home.read(".env")).toEndWith(
      `BASE_URL=${upstream.baseUrl}\nBIG_MODEL_NAME=vendor/big-1\nSMALL_MODEL_NAME=vendor/small-1\n`,
    );
  }, 60_000);

  test("Ctrl-C while the model is tried ends it, and leaves nothing", async () => {
    using home = createInitHome();
    const asked = Promise.withResolvers<void>();
    await using upstream = await startModelServer();
    upstream.respondWith(({ path }) => {
      if (!path.endsWith("/chat/completions")) return status(404, {});
      asked.resolve();
      return silence();
    });
    const temporary = join(home.home, "temporary");
    mkdirSync(temporary);
    const flags = [
      "--upstream",
      upstream.baseUrl,
      "--big-model",
      "a",
      "--small-model",
      "a",
      "--key-env",
      "KEY",
    ];
    await using terminal = await startTerminal(["init", ...flags], {
      HOME: home.home,
      TMPDIR: temporary,
      KEY: key,
    });
    await terminal.shows("Try it with one small request");
    await terminal.press("Enter");
    await asked.promise;
    const listOwn = () => readdirSync(temporary).filter((name) => name.startsWith("claude-proxy"));
    expect(listOwn()).toHaveLength(1);
    await terminal.press("C-c");
    for (const endMs = performance.now() + soonMs; performance.now() < endMs && listOwn().length > 0; )
      await Bun.sleep(20);
    expect([listOwn(), home.read(".env")]).toEqual([[], null]);
  }, 60_000);

  test("Ctrl-C at any question writes nothing and exits with 130", async () => {
    await using upstream = await startModelServer();
    const questions: readonly (readonly [string, readonly string[]])[] = [
      ["Where are your models?", []],
      ["Does it want a key?", ["--upstream", upstream.baseUrl]],
      [
        "Small, quick model",
        ["--upstream", upstream.baseUrl, "--big-model", "vendor/big-1", "--key-env", "HOME"],
      ],
      [
        "Write it?",
        ["--from", join(import.meta.dir, "../../fixtures/takeover/python-proxy/ollama.env"), "--no-try"],
      ],
    ];
    for (const [question, flags] of questions) {
      using home = createInitHome();
      await using terminal = await startTerminal(["init", ...flags], { HOME: home.home });
      await terminal.shows(question);
      await terminal.press("C-c");
      await terminal.shows("Broken off. Nothing was written.");
      await terminal.shows("exit code 130");
      expect(home.files()).toEqual([]);
    }
  }, 60_000);
});
