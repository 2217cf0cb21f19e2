import { afterAll, describe, expect, test } from "bun:test";
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { chmod, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createCalibration } from "../../src/tokens/calibration.ts";

const root = mkdtempSync(join(tmpdir(), "calibration-"));
afterAll(() => rmSync(root, { recursive: true }));

let folders = 0;
function newFilePath(): string {
  folders += 1;
  return join(root, String(folders), "state", "token-calibration.json");
}

function create(filePath: string | null, upstreamHost = "openrouter.ai", formerPaths: string[] = []) {
  const warnings: string[] = [];
  const calibration = createCalibration({
    filePath,
    formerPaths,
    upstreamHost,
    warn: (message) => warnings.push(message),
  });
  return { calibration, warnings };
}

const textOf = (factors: object) => `${JSON.stringify({ factors }, null, 2)}\n`;

/** A file of factors that lies somewhere else. */
function writeFormer(content: string): string {
  folders += 1;
  const path = join(root, `former-${folders}.json`);
  writeFileSync(path, content);
  return path;
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
  for (let tries = 0; tries < 1_000 && !(await Bun.file(filePath).exists()); tries += 1) await Bun.sleep(10);
  expect(JSON.parse(await readFile(filePath, "utf8"))).toEqual({ factors: { "openrouter.ai a": 1.3 } });
});

test.each([
  ["no JSON", "{"],
  ["another kind of JSON", "[1]"],
  ["no factors", '{"factors":null}'],
  ["[F9] more than it could ever have grown to", `{"factors":{}}${" ".repeat(2 * 1024 * 1024)}`],
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

test("[turn 83] [7:calibration] what goes on failing is said once, until it has gone well", async () => {
  const filePath = newFilePath();
  const state = dirname(filePath);
  const { calibration, warnings } = create(filePath);
  const learn = async () => {
    calibration.learn("a", 100, 130);
    await calibration.flush();
  };
  const block = () => mkdirSync(join(filePath, "full"), { recursive: true });
  const unblock = () => rmSync(state, { recursive: true });
  block();
  for (let time = 0; time < 3; time += 1) await learn();
  const failures = [
    `Cannot read ${filePath}; token counts start uncalibrated.`,
    `Cannot write ${filePath}; what was learned about token counts is kept in memory only.`,
  ];
  expect(warnings).toEqual(failures);
  unblock();
  await learn();
  expect(create(filePath).calibration.factor("a")).toBe(1.3);
  unblock();
  block();
  await learn();
  expect(warnings).toEqual([...failures, ...failures]);
});

test("[F9] [7:calibration] what models are named does not make the file or the memory grow without end", async () => {
  const filePath = newFilePath();
  const { calibration, warnings } = create(filePath);
  const long = "\u0001".repeat(1_000_000);
  for (let index = 0; index < 700; index += 1) calibration.learn(`${index} ${long}`, 100, 130);
  await calibration.flush();
  expect(Object.keys(JSON.parse(readFileSync(filePath, "utf8")).factors)).toHaveLength(500);
  expect(statSync(filePath).size).toBeLessThan(2 * 1024 * 1024);
  // The latest are kept, here and in the file, also by another proxy.
  expect([199, 200].map((index) => calibration.factor(`${index} ${long}`))).toEqual([1.1, 1.3]);
  const second = create(filePath);
  second.calibration.learn("another", 100, 150);
  await second.calibration.flush();
  const keys = Object.keys(JSON.parse(readFileSync(filePath, "utf8")).factors);
  expect([keys.length, keys[0]?.slice(0, 17), keys.at(-1)]).toEqual([
    500,
    "openrouter.ai 201",
    "openrouter.ai another",
  ]);
  expect([...warnings, ...second.warnings]).toEqual([]);
});

test("[F9] [7:calibration] a charge for nothing, and what is no number, teach nothing", async () => {
  const filePath = join(root, "numbers.json");
  writeFileSync(filePath, '{"factors":{"openrouter.ai a":1e999,"openrouter.ai b":1.5}}');
  const { calibration } = create(filePath);
  expect(["a", "b"].map(calibration.factor)).toEqual([1.1, 1.5]);
  calibration.learn("b", 0, 100);
  calibration.learn("b", 0, 0);
  calibration.learn("b", 100, Number.POSITIVE_INFINITY);
  expect(calibration.factor("b")).toBe(1.5);
});

test.skipIf(process.platform === "win32")(
  "[F11] [7:calibration] no link is followed, whatever it is called",
  async () => {
    const filePath = newFilePath();
    const victim = join(root, `victim-${folders}`);
    const content = '{"factors":{"openrouter.ai a":1.5}}';
    writeFileSync(victim, content);
    mkdirSync(dirname(filePath), { recursive: true });
    symlinkSync(victim, filePath);
    symlinkSync(victim, `${filePath}.${process.pid}.tmp`);
    const { calibration, warnings } = create(filePath);
    expect(calibration.factor("a")).toBe(1.1);
    expect(warnings).toEqual([`Cannot read ${filePath}; token counts start uncalibrated.`]);
    calibration.learn("b", 100, 130);
    await calibration.flush();
    expect(readFileSync(victim, "utf8")).toBe(content);
    expect([lstatSync(filePath).isFile(), statSync(filePath).mode & 0o777]).toEqual([true, 0o600]);
    expect(create(filePath).calibration.factor("b")).toBe(1.3);
  },
);

// Only root can give a file away.
test.skipIf(process.geteuid?.() !== 0)("[F11] [7:calibration] a file of another user is not believed", () => {
  const filePath = join(root, "foreign.json");
  writeFileSync(filePath, '{"factors":{"openrouter.ai a":1.5}}');
  chownSync(filePath, 12_345, 12_345);
  const { calibration, warnings } = create(filePath);
  expect([calibration.factor("a"), warnings.length]).toEqual([1.1, 1]);
});

test("[F11] [7:calibration] what a killed process left is removed, and a failure leaves nothing", async () => {
  const filePath = newFilePath();
  const folder = dirname(filePath);
  mkdirSync(filePath, { recursive: true });
  const beside = (name: string, ageSeconds: number) => {
    writeFileSync(join(folder, name), "");
    const atSeconds = Date.now() / 1000 - ageSeconds;
    utimesSync(join(folder, name), atSeconds, atSeconds);
  };
  beside("token-calibration.json.123.tmp", 3_600);
  beside("token-calibration.json.8f7b.tmp", 3_600);
  beside("token-calibration.json.9a1c.tmp", 1);
  beside("another.json.123.tmp", 3_600);
  // The place of the file is taken by a folder, so nothing can be put there.
  const { calibration, warnings } = create(filePath);
  calibration.learn("a", 100, 130);
  await calibration.flush();
  expect(warnings.at(-1)).toContain("Cannot write");
  expect(readdirSync(folder).sort()).toEqual([
    "another.json.123.tmp",
    "token-calibration.json",
    "token-calibration.json.9a1c.tmp",
  ]);
});

describe("[7:calibration] factors that lie elsewhere from earlier", () => {
  const createWith = (filePath: string, formerPaths: string[]) =>
    create(filePath, "openrouter.ai", formerPaths);

  test("count at once, are written without anything learned, and stay where they are", async () => {
    const filePath = newFilePath();
    const content = textOf({ "openrouter.ai a": 1.5, "openrouter.ai b": 1.6 });
    const former = writeFormer(content);
    const { calibration, warnings } = createWith(filePath, [former]);
    expect(calibration.factor("a")).toBe(1.5);
    await calibration.flush();
    expect([readFileSync(filePath, "utf8"), readFileSync(former, "utf8")]).toEqual([content, content]);
    expect(warnings).toEqual([]);
  });

  test("fill what the file lacks; the file wins over them, and the first of them over the next", async () => {
    const filePath = newFilePath();
    mkdirSync(dirname(filePath), { recursive: true });
    writeFileSync(filePath, textOf({ "h a": 1.1 }));
    const formerPaths = [
      writeFormer(textOf({ "h a": 1.2, "h b": 1.2 })),
      writeFormer(textOf({ "h a": 1.3, "h b": 1.3, "h c": 1.3 })),
    ];
    const { calibration } = create(filePath, "h", formerPaths);
    expect(["a", "b", "c"].map(calibration.factor)).toEqual([1.1, 1.2, 1.3]);
    await calibration.flush();
    expect(readFileSync(filePath, "utf8")).toBe(textOf({ "h c": 1.3, "h b": 1.2, "h a": 1.1 }));
  });

  test("do not win over what another proxy writes meanwhile, or over what is learned", async () => {
    const filePath = newFilePath();
    const former = writeFormer(textOf({ "openrouter.ai a": 1.2, "openrouter.ai b": 1.2 }));
    const { calibration } = createWith(filePath, [former]);
    mkdirSync(dirname(filePath), { recursive: true });
    writeFileSync(filePath, textOf({ "openrouter.ai b": 1.9, "openrouter.ai c": 1.9 }));
    calibration.learn("a", 100, 120);
    calibration.learn("a", 100, 170);
    await calibration.flush();
    expect(readFileSync(filePath, "utf8")).toBe(
      textOf({ "openrouter.ai b": 1.9, "openrouter.ai c": 1.9, "openrouter.ai a": 1.3 }),
    );
  });

  test("are not written again once the file has them", async () => {
    const filePath = newFilePath();
    const former = writeFormer(textOf({ a: 1.2 }));
    await createWith(filePath, [former]).calibration.flush();
    const { ino } = statSync(filePath);
    await createWith(filePath, [former]).calibration.flush();
    expect(statSync(filePath).ino).toBe(ino);
  });

  test("are the first to go where there are too many", async () => {
    const filePath = newFilePath();
    const many = (count: number, prefix: string) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, 1.5]));
    const former = writeFormer(textOf(many(10, "old")));
    mkdirSync(dirname(filePath), { recursive: true });
    writeFileSync(filePath, textOf(many(495, "new")));
    await createWith(filePath, [former]).calibration.flush();
    const keys = Object.keys(JSON.parse(readFileSync(filePath, "utf8")).factors);
    expect([keys.length, keys[0], keys[4], keys[5]]).toEqual([500, "old5", "old9", "new0"]);
  });

  test.each([
    ["no JSON", "of another program"],
    ["no factors", "{}"],
  ])("are passed over, and nothing said, where the file holds %s", async (_, content) => {
    const filePath = newFilePath();
    const former = writeFormer(content);
    const { calibration, warnings } = createWith(filePath, [former, join(root, "missing.json"), root]);
    await calibration.flush();
    expect([warnings, existsSync(filePath), readFileSync(former, "utf8")]).toEqual([[], false, content]);
  });

  test("[F11] are not read through a link", () => {
    const link = join(root, "former-link.json");
    symlinkSync(writeFormer(textOf({ "openrouter.ai a": 1.9 })), link);
    expect(createWith(newFilePath(), [link]).calibration.factor("a")).toBe(1.1);
  });

  test("[turn 83] count where they cannot be written, which is said once", async () => {
    const filePath = newFilePath();
    writeFileSync(join(root, String(folders)), "a file where a folder should be");
    const former = writeFormer(textOf({ "openrouter.ai a": 1.9 }));
    const { calibration, warnings } = createWith(filePath, [former]);
    await calibration.flush();
    calibration.learn("b", 100, 130);
    await calibration.flush();
    expect([calibration.factor("a"), calibration.factor("b")]).toEqual([1.9, 1.3]);
    expect(warnings.filter((message) => message.startsWith("Cannot write"))).toHaveLength(1);
    expect(readFileSync(former, "utf8")).toBe(textOf({ "openrouter.ai a": 1.9 }));
  });

  test("are nobody's where nothing is kept", () => {
    const former = writeFormer(textOf({ "openrouter.ai a": 1.9 }));
    expect(create(null, "openrouter.ai", [former]).calibration.factor("a")).toBe(1.9);
  });

  test("two proxies that start at the same time lose none", async () => {
    const filePath = newFilePath();
    const formers = [writeFormer(textOf({ a: 1.2 })), writeFormer(textOf({ b: 1.3 }))];
    const start = () => formers.map((former) => createWith(filePath, [former]).calibration.flush());
    await Promise.all(start());
    // The later of two writes may lack what the earlier one has added; the next start adds it.
    for (const former of formers) await createWith(filePath, [former]).calibration.flush();
    expect(JSON.parse(readFileSync(filePath, "utf8")).factors).toEqual({ a: 1.2, b: 1.3 });
  });
});
