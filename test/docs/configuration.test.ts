import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { soonMs } from "../support/soon-ms.ts";
import { type Json, objectOf, objectsOf } from "../support/strict/json.ts";
import { pngUrl } from "../tokens/png-url.ts";

const page = readFileSync(join(import.meta.dir, "../../docs/configuration.md"), "utf8");
const main = join(import.meta.dir, "../../src/main.ts");

/** The files of the page as they stand there, by the heading above each. */
const files = new Map(
  [...page.matchAll(/^### (.+)\n(?:(?!###)[^\n]*\n)*?```yaml\n([\s\S]*?)^```$/gm)].map(
    ([, heading = "", text = ""]) => [heading, text] as const,
  ),
);

const image = {
  type: "image",
  source: { type: "base64", media_type: "image/png", data: pngUrl(8, 8).split(",")[1] },
};
const say = (content: unknown) => ({ max_tokens: 100, messages: [{ role: "user", content }] });

/** Requests that Claude Code makes. `client`: who asks, where there are several. */
const asked: Readonly<Record<string, { request: Json; header?: string; client?: string }>> = {
  opus: { request: { model: "claude-opus-5-5", ...say("hi") } },
  haiku: { request: { model: "claude-haiku-4-5", ...say("hi") } },
  agent: { request: { model: "claude-opus-5-5", ...say("hi") }, header: "x-claude-code-agent-id: a1" },
  image: { request: { model: "claude-opus-5-5", ...say([image]) } },
  long: { request: { model: "claude-opus-5-5", ...say("word ".repeat(60_000)) } },
  "opus, ci": { request: { model: "claude-opus-5-5", ...say("hi") }, client: "ci" },
  "haiku, ci": { request: { model: "claude-haiku-4-5", ...say("hi") }, client: "ci" },
};

/** Where the page says that each request goes: `upstream/model` in the order of going on; none where it is refused. */
const wanted: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "OpenRouter only": {
    opus: ["openrouter/z-ai/glm-5.3"],
    haiku: ["openrouter/openai/gpt-5-mini"],
    agent: ["openrouter/z-ai/glm-5.3"],
    image: ["openrouter/z-ai/glm-5.3"],
  },
  "DeepSeek direct, with two keys": {
    opus: ["deepseek/deepseek-v4-pro"],
    haiku: ["deepseek/deepseek-v4-flash"],
    agent: ["deepseek/deepseek-v4-pro"],
    image: ["deepseek/deepseek-v4-pro"],
  },
  "Ollama or LM Studio on the desk, the cloud for what is too long": {
    opus: ["desk/qwen3-coder:30b"],
    haiku: ["lmstudio/qwen3-4b"],
    agent: ["desk/qwen3-coder:30b"],
    image: ["desk/qwen3-coder:30b"],
    long: ["glm/glm-5.3"],
  },
  "Cheap first, and on to the next when it is full": {
    opus: ["deepseek/deepseek-v4-pro", "openrouter/deepseek/deepseek-v4-pro"],
    haiku: ["deepseek/deepseek-v4-flash", "openrouter/openai/gpt-5-mini"],
    agent: ["deepseek/deepseek-v4-pro", "openrouter/deepseek/deepseek-v4-pro"],
    image: ["openrouter/google/gemini-3-pro"],
  },
  "Your own Claude plan for Claude, something else for the sub-agents": {
    opus: ["anthropic/claude-opus-5-5"],
    haiku: ["anthropic/claude-haiku-4-5"],
    agent: ["openrouter/moonshotai/kimi-k3"],
    image: ["anthropic/claude-opus-5-5"],
  },
  "A team": {
    opus: ["azure/gpt-5.6", "vllm/glm-5.3"],
    haiku: ["vllm/glm-5.3"],
    agent: ["azure/gpt-5.6", "vllm/glm-5.3"],
    image: ["azure/gpt-5.6", "vllm/glm-5.3"],
    "opus, ci": ["azure/gpt-5.6"],
    "haiku, ci": [],
  },
};

/** What the program has to say about the files, in its first words. */
const warnings: Readonly<Record<string, readonly string[]>> = {
  "A team": [expect.stringContaining("upstreams.vllm.url: is not encrypted")],
};

test("every file of the page is looked at", () => {
  expect([...files.keys()]).toEqual(Object.keys(wanted));
  expect(page.split("```yaml\n")).toHaveLength(files.size + 1);
});

/** A home in which the file lies as a reader puts it, with a `.env` and the files of secrets that it names. */
function createHome(text: string) {
  const home = mkdtempSync(join(tmpdir(), "configuration-page-"));
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), content, { mode: 0o600 });
    return join(home, path);
  };
  const variables = [...text.matchAll(/\$\{([A-Z_]+)\}/g)].map(
    ([, name]) => `${name}=value-of-${name}-0123456789\n`,
  );
  for (const [, path = ""] of text.matchAll(/\$\{file:~\/([^}]+)\}/g))
    write(path, `secret-of-${path}-0123456789\n`);
  const flags = ["--config", write("config.yaml", text), "--env-file", write(".env", variables.join(""))];
  return { home, flags, [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }) };
}

/** Whatever asks an upstream for something meets a dead end. */
const environmentOf = (home: string) => ({
  HOME: home,
  PATH: process.env["PATH"] ?? "",
  HTTPS_PROXY: "http://127.0.0.1:9",
  HTTP_PROXY: "http://127.0.0.1:9",
});

const spawn = (home: string, args: readonly string[], input = "") =>
  Bun.spawn([process.execPath, "--no-env-file", main, ...args], {
    cwd: home,
    env: environmentOf(home),
    stdin: new Blob([input]),
    stdout: "pipe",
    stderr: "pipe",
  });

/** The targets of a request, in their order; none where it is refused. */
async function targetsOf(
  { home, flags }: { home: string; flags: string[] },
  name: string,
): Promise<string[]> {
  const { request, header, client } = asked[name] ?? {};
  const more = [
    ...(header === undefined ? [] : ["--header", header]),
    ...(client === undefined ? [] : ["--client", client]),
  ];
  const child = spawn(home, ["route", "-", "--json", ...more, ...flags], JSON.stringify(request));
  const report = objectOf(JSON.parse(await new Response(child.stdout).text()));
  return report["error"] === null
    ? objectsOf(report["targets"])
        .filter(({ allowed }) => allowed === true)
        .map(({ upstream, model }) => `${upstream}/${model}`)
    : [];
}

for (const [heading, text] of files) {
  test(`${heading}: each request goes where the page says`, async () => {
    using home = createHome(text);
    const names = Object.keys(wanted[heading] ?? {});
    const found = names.map(
      async (name): Promise<[string, readonly string[]]> => [name, await targetsOf(home, name)],
    );
    expect(Object.fromEntries(await Promise.all(found))).toEqual(wanted[heading] ?? {});
  }, 30_000);

  test(`${heading}: the program starts with the file as it stands there, and has no fault to find`, async () => {
    using made = createHome(text);
    const { home, flags } = made;
    const check = spawn(home, ["config", "check", ...flags]);
    const said = (await new Response(check.stdout).text()) + (await new Response(check.stderr).text());
    const warned = Array.from(said.matchAll(/^Warning: .*yaml:\S+ (.{0,50})/gm), ([, words]) => words);
    expect({ code: await check.exited, warned }).toEqual({ code: 0, warned: [...(warnings[heading] ?? [])] });
    const child = spawn(home, ["serve", "--port", "0", ...flags]);
    try {
      let output = "";
      const listening = Promise.withResolvers<string>();
      const read = async (stream: ReadableStream<Uint8Array>) => {
        for await (const bytes of stream) {
          output += new TextDecoder().decode(bytes);
          const port = /listens at \S+?:(\d+)/.exec(output)?.[1];
          if (port !== undefined) listening.resolve(port);
        }
      };
      void Promise.all([read(child.stdout), read(child.stderr)]);
      void child.exited.then(() => listening.reject(new Error(`it has ended: ${output}`)));
      const port = await listening.promise;
      const key = text.includes("clients:") ? "secret-of-.secrets/web-team-0123456789" : "anything";
      const response = await fetch(`http://127.0.0.1:${port}/v1/models`, {
        headers: { "x-api-key": key },
        signal: AbortSignal.timeout(soonMs),
      });
      const listed = objectsOf(objectOf(await response.json())["data"]).map(({ id }) => id);
      expect([response.status, listed.length > 0]).toEqual([200, true]);
      expect(output).not.toMatch(/value-of-|secret-of-/);
      child.kill("SIGTERM");
      expect(await child.exited).toBe(0);
    } finally {
      child.kill("SIGKILL");
    }
  }, 30_000);
}
