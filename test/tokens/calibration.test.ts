import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { chmod, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCalibration } from "../../src/tokens/calibration.ts";

const root = mkdtempSync(join(tmpdir(), "calibration-"));
afterAll(() => rmSync(root, { recursive: true }));

let folders = 0;
function newFilePath(): string {
  folders += 1;
  return join(root, String(folders), "state", "token-calibration.json");
}

function create(filePath: string | null, upstreamHost = "openrouter.ai") {
  const warnings: string[] = [];
  const calibration = createCalibration({
    filePath,
    upstreamHost,
    warn: (message) => warnings.push(message),
  });
  return { calibration, warnings };
}

test("[7:calibration] the first sample is taken whole, each later one moves the factor by a fifth", () => {
  const { calibration } = create(null);
  expect(calibration.factor("qwen3")).toBe(1.1);
  calibration.learn("qwen3", 1000, 1300);
  expect(calibration.factor("qwen3")).toBe(1.3);
  calibration.learn("qwen3", 1000, 800);
  expect(calibration.factor("qwen3")).toBeCloseTo(0.8 * 1.3 + 0.2 * 0.8, 12);
});

test.each([
  [100, 1000, 2],
  [1000, 100, 0.7],
])("[7:calibration] %d raw tokens charged as %d give no factor beyond %d", (raw, charged, factor) => {
  const { calibration } = create(null);
  calibration.learn("m", raw, charged);
  expect(calibration.factor("m")).toBe(factor);
});

test("[7:calibration] each model at each upstream has a factor of its own", async () => {
  const filePath = newFilePath();
  const { calibration } = create(filePath);
  calibration.learn("a", 100, 130);
  expect(calibration.factor("b")).toBe(1.1);
  await calibration.flush();
  expect(create(filePath).calibration.factor("a")).toBe(1.3);
  expect(create(filePath, "127.0.0.1:11434").calibration.factor("a")).toBe(1.1);
});

test("[7:calibration] the file is for its owner only, and nothing is left beside it", async () => {
  const filePath = newFilePath();
  const { calibration, warnings } = create(filePath);
  calibration.learn("a", 100, 130);
  await calibration.flush();
  expect(JSON.parse(await readFile(filePath, "utf8"))).toEqual({ factors: { "openrouter.ai a": 1.3 } });
  expect(statSync(filePath).mode & 0o777).toBe(0o600);
  expect(statSync(join(filePath, "..")).mode & 0o777).toBe(0o700);
  expect(await readdir(join(filePath, ".."))).toEqual(["token-calibration.json"]);
  expect(warnings).toEqual([]);
});

test("[7:calibration] what another proxy has written meanwhile stays", async () => {
  const filePath = newFilePath();
  const first = create(filePath).calibration;
  const second = create(filePath, "api.deepseek.com").calibration;
  first.learn("a", 100, 130);
  await first.flush();
  second.learn("b", 100, 90);
  await second.flush();
  expect(JSON.parse(await readFile(filePath, "utf8"))).toEqual({
    factors: { "openrouter.ai a": 1.3, "api.deepseek.com b": 0.9 },
  });
});

test("[7:calibration] what was learned is written after a short while without being told", async () => {
  const filePath = newFilePath();
  const { calibration } = create(filePath);
  calibration.learn("a", 100, 130);
  calibration.learn("a", 100, 130);
  expect(await Bun.file(filePath).exists()).toBe(false);
  await Bun.sleep(2_300);
  expect(JSON.parse(await readFile(filePath, "utf8"))).toEqual({ factors: { "openrouter.ai a": 1.3 } });
});

test.each([
  ["no JSON", "{"],
  ["another kind of JSON", "[1]"],
  ["no factors", '{"factors":null}'],
])("[7:calibration] a file with %s is a warning and no factors, and is replaced", async (_, content) => {
  const filePath = join(root, `corrupt-${folders++}.json`);
  writeFileSync(filePath, content);
  const { calibration, warnings } = create(filePath);
  const warning = `Cannot read ${filePath}; token counts start uncalibrated.`;
  expect(warnings).toEqual([warning]);
  expect(calibration.factor("a")).toBe(1.1);
  calibration.learn("a", 100, 130);
  await calibration.flush();
  expect(JSON.parse(await readFile(filePath, "utf8"))).toEqual({ factors: { "openrouter.ai a": 1.3 } });
});

test("[7:calibration] members of the file that are no factors are left out, and none goes beyond the limits", () => {
  const filePath = join(root, "odd.json");
  writeFileSync(
    filePath,
    '{"factors":{"openrouter.ai a":"1.2","openrouter.ai b":99,"openrouter.ai c":-1,"__proto__":1.2}}',
  );
  const { calibration, warnings } = create(filePath);
  expect(["a", "b", "c"].map(calibration.factor)).toEqual([1.1, 2, 0.7]);
  expect(warnings).toEqual([]);
});

test("[7:calibration] a folder that cannot be written to costs a warning, not the factor", async () => {
  const filePath = newFilePath();
  writeFileSync(join(root, String(folders)), "a file where a folder should be");
  const { calibration, warnings } = create(filePath);
  calibration.learn("a", 100, 130);
  await calibration.flush();
  expect(calibration.factor("a")).toBe(1.3);
  expect(warnings.at(-1)).toBe(
    `Cannot write ${filePath}; what was learned about token counts is kept in memory only.`,
  );
  await chmod(root, 0o700);
});
