import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "../../src/logging/logger.ts";
import { key } from "../secrets/encodings.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cut-bodies-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Where a body is cut, in characters of its JSON. */
const longestBody = 2_000_000;

function log(body: unknown): string {
  const logFilePath = join(folder, "claude-proxy.log");
  const logger = createLogger({ level: "DEBUG", logFilePath, secrets: [key], writeConsole: () => {} });
  logger.debugBody("req_1", "client-request", body);
  logger.close();
  const text = readFileSync(logFilePath, "utf8");
  rmSync(logFilePath);
  return text;
}

test.each([
  ["as it is", key],
  ["in JSON", JSON.stringify({ key })],
  ["in JSON in JSON, escaped", JSON.stringify(JSON.stringify(key)).replaceAll("+", "\\u002b")],
  ["as one that only looks like a key", "sk-0123456789abcdefghijklmnopqrstuv"],
])(
  "[F19] a body is cut behind a key or before it, never inside: %s",
  (_name, text) => {
    const json = JSON.stringify(text).slice(1, -1);
    for (let inside = 4; inside < json.length; inside += 5) {
      const before = "x ".repeat((longestBody - '{"text":"'.length - inside) / 2);
      const line = log({ text: `${before}${text} and more` });
      JSON.parse(line);
      expect(line).toContain('"cutFromCharacters"');
      expect(line.slice(-300)).not.toMatch(/zz9-|sk-0/);
    }
  },
  30_000,
);

test("[F19] a body of 32 MB is not searched as a whole", () => {
  const body = { text: "%".repeat(32 * 1024 * 1024) };
  const startedAtMs = performance.now();
  expect(log(body).length).toBeLessThan(longestBody + 1000);
  const smallAtMs = performance.now();
  log({ text: "%".repeat(4 * 1024 * 1024) });
  // Eight times the body; the rest is what it takes to write it as JSON.
  expect(smallAtMs - startedAtMs).toBeLessThan(6 * (performance.now() - smallAtMs) + 200);
});
