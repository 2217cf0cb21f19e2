import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { LogRecord } from "@logtape/logtape";
import { createLogFile, type LogFile, lookIntervalMs } from "../../src/logging/log-file.ts";

let folder: string;
let path: string;
let file: LogFile;
let reports: string[];

function record(event: string, properties: Record<string, unknown> = {}): LogRecord {
  return { category: [], level: "info", message: [event], rawMessage: event, timestamp: 0, properties };
}

const formatter = ({ rawMessage, properties }: LogRecord) => `${rawMessage} ${JSON.stringify(properties)}\n`;
const report = (text: string) => reports.push(text);
const modeOf = (name: string) => statSync(name).mode & 0o777;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "log-file-"));
  path = join(folder, "state", "deep", "proxy.log");
  reports = [];
  file = createLogFile(path, { formatter, report });
});

afterEach(() => {
  file.close();
  rmSync(folder, { recursive: true, force: true });
});

test("it can be opened before there is anything to write", () => {
  file.open();
  expect([statSync(path).size, modeOf(path)]).toEqual([0, 0o600]);
});

test("folder and file belong to their owner alone, whatever the umask", () => {
  const umask = process.umask(0);
  try {
    file.write(record("one"));
  } finally {
    process.umask(umask);
  }
  expect([modeOf(join(folder, "state")), modeOf(join(folder, "state", "deep")), modeOf(path)]).toEqual([
    0o700, 0o700, 0o600,
  ]);
});

test("every record is in the file as soon as it is written, and an older file is added to", () => {
  file.write(record("one"));
  expect(readFileSync(path, "utf8")).toBe("one {}\n");
  file.close();
  const again = createLogFile(path, { formatter, report });
  again.write(record("two"));
  expect(readFileSync(path, "utf8")).toBe("one {}\ntwo {}\n");
  again.close();
});

test("values are redacted by the names of keys, at any depth; a tool's schema stays", () => {
  const properties = {
    headers: { Authorization: "a", "x-api-key": "b", cookie: "c", accept: "*/*" },
    list: [{ apiKey: "d" }, { access_token: "e", max_tokens: 5 }],
    schema: { properties: { password: { type: "string" } } },
  };
  file.write(record("keys", properties));
  expect(readFileSync(path, "utf8")).toBe(
    `keys ${JSON.stringify({
      headers: {
        Authorization: "[redacted]",
        "x-api-key": "[redacted]",
        cookie: "[redacted]",
        accept: "*/*",
      },
      list: [{ apiKey: "[redacted]" }, { access_token: "[redacted]", max_tokens: 5 }],
      schema: { properties: { password: { type: "string" } } },
    })}\n`,
  );
});

test("a long conversation is written whole", () => {
  const messages = Array.from({ length: 3000 }, (_, index) => ({ index }));
  file.write(record("long", { messages }));
  expect(readFileSync(path, "utf8")).toBe(`long ${JSON.stringify({ messages })}\n`);
});

describe("[row 75] the file is opened again", () => {
  test.each([
    ["deleted", () => rmSync(path), null],
    ["renamed by a log rotation", () => renameSync(path, `${path}.old`), "one {}\n"],
    ["deleted with its folder", () => rmSync(join(folder, "state"), { recursive: true }), null],
  ])("when it was %s", (_name, disturb, oldText) => {
    file.write(record("one"));
    disturb();
    Bun.sleepSync(lookIntervalMs);
    file.write(record("two"));
    expect(readFileSync(path, "utf8")).toBe("two {}\n");
    expect(existsSync(`${path}.old`) ? readFileSync(`${path}.old`, "utf8") : null).toBe(oldText);
    expect(modeOf(path)).toBe(0o600);
  });

  test("and goes on at the start when it was emptied in place", () => {
    file.write(record("one"));
    writeFileSync(path, "");
    file.write(record("two"));
    expect(readFileSync(path, "utf8")).toBe("two {}\n");
  });

  test("not before it is looked again: until then records follow the file", () => {
    file.write(record("one"));
    renameSync(path, `${path}.old`);
    file.write(record("two"));
    expect(readFileSync(`${path}.old`, "utf8")).toBe("one {}\ntwo {}\n");
    expect(existsSync(path)).toBe(false);
  });

  test("but not through a link that was put in its place", () => {
    const foreign = join(folder, "foreign");
    writeFileSync(foreign, "mine");
    file.write(record("one"));
    rmSync(path);
    symlinkSync(foreign, path);
    Bun.sleepSync(lookIntervalMs);
    expect(() => file.write(record("two"))).toThrow(`${path} is not a regular file`);
    expect(readFileSync(foreign, "utf8")).toBe("mine");
  });
});

describe.skipIf(process.platform === "win32")("[F11] what was there before is not taken on trust", () => {
  beforeEach(() => mkdirSync(join(folder, "state", "deep"), { recursive: true, mode: 0o700 }));

  test("a log and its older files that others could read are closed to them, and that is told", () => {
    for (const name of [path, `${path}.1`, `${path}.4`]) {
      writeFileSync(name, "");
      chmodSync(name, 0o666);
    }
    file.write(record("one"));
    file.write(record("two"));
    expect([path, `${path}.1`, `${path}.4`].map(modeOf)).toEqual([0o600, 0o600, 0o600]);
    expect(reports).toEqual(
      [`${path}.1`, `${path}.4`, path].map(
        (name) => `The log file ${name} was open to other users (mode 666); it is its owner's alone now.`,
      ),
    );
    expect(readFileSync(path, "utf8")).toBe("one {}\ntwo {}\n");
  });

  test("a log and an older file of the right mode are not worth a word", () => {
    writeFileSync(path, "", { mode: 0o600 });
    writeFileSync(`${path}.1`, "", { mode: 0o600 });
    file.write(record("one"));
    expect(reports).toEqual([]);
  });

  // Only root can give a file away.
  test.skipIf(process.geteuid?.() !== 0)("a log of another user is not written to", () => {
    writeFileSync(path, "", { mode: 0o666 });
    chmodSync(path, 0o666);
    chownSync(path, 12_345, 12_345);
    for (let round = 0; round < 2; round += 1) {
      expect(() => file.write(record("one"))).toThrow(`${path} belongs to another user`);
    }
    expect([readFileSync(path, "utf8"), modeOf(path)]).toEqual(["", 0o666]);
    rmSync(path);
    file.write(record("two"));
    expect(readFileSync(path, "utf8")).toBe("two {}\n");
  });

  test("an older file that is a link is left alone, and so is what it points to", () => {
    const foreign = join(folder, "foreign");
    writeFileSync(foreign, "");
    chmodSync(foreign, 0o666);
    symlinkSync(foreign, `${path}.2`);
    file.write(record("one"));
    expect([modeOf(foreign), reports]).toEqual([0o666, []]);
  });

  test.each([
    [0o777, 1],
    [0o775, 0],
    [0o1777, 0],
  ])("a folder of mode %d is worth %d words: who may change it can change the log", (mode, words) => {
    chmodSync(join(folder, "state", "deep"), mode);
    file.write(record("one"));
    expect(reports).toHaveLength(words);
  });

  test("a pipe is no log, and nobody waits for its reader", () => {
    Bun.spawnSync(["mkfifo", path]);
    expect(() => file.write(record("one"))).toThrow(`${path} is not a regular file`);
  });
});

describe("rotation at 10 MiB", () => {
  const mebibyte = "x".repeat(1024 * 1024 - 10);

  test("keeps four older files, the youngest as .1, all private", () => {
    for (let count = 0; count < 60; count += 1) {
      file.write(record(`${String(count).padStart(3, "0")}${mebibyte}`));
    }
    const numbersOf = (name: string) =>
      readFileSync(name, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => Number(line.slice(0, 3)));
    expect(numbersOf(path)).toEqual([50, 51, 52, 53, 54, 55, 56, 57, 58, 59]);
    expect(numbersOf(`${path}.1`)).toEqual([40, 41, 42, 43, 44, 45, 46, 47, 48, 49]);
    expect(numbersOf(`${path}.4`)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect(existsSync(`${path}.5`)).toBe(false);
    expect([path, `${path}.1`, `${path}.2`, `${path}.3`, `${path}.4`].map(modeOf)).toEqual([
      0o600, 0o600, 0o600, 0o600, 0o600,
    ]);
  });

  test("a record that is larger than a file goes into an empty one, which is not rotated for it", () => {
    mkdirSync(join(folder, "state", "deep"), { recursive: true });
    writeFileSync(path, "");
    file.write(record(`000${mebibyte.repeat(11)}`));
    expect(existsSync(`${path}.1`)).toBe(false);
    file.write(record(`001${mebibyte.repeat(11)}`));
    expect(readFileSync(`${path}.1`, "utf8")).toStartWith("000");
    expect(readFileSync(path, "utf8")).toStartWith("001");
  });

  test("a rotation that fails loses one record, not the ones after it", () => {
    // The oldest name is taken by a folder that is not empty, so nothing can be renamed onto the youngest.
    file.write(record(`000${mebibyte.repeat(9)}`));
    mkdirSync(join(`${path}.1`, "in-the-way"), { recursive: true });
    mkdirSync(join(`${path}.2`, "in-the-way"), { recursive: true });
    mkdirSync(join(`${path}.3`, "in-the-way"), { recursive: true });
    mkdirSync(join(`${path}.4`, "in-the-way"), { recursive: true });
    expect(() => file.write(record(`001${mebibyte.repeat(2)}`))).toThrow();
    rmSync(`${path}.1`, { recursive: true });
    file.write(record(`002${mebibyte.repeat(2)}`));
    expect(readFileSync(path, "utf8").slice(0, 3)).toBe("002");
  });
});

test("a folder that cannot be made is an error of that record only", () => {
  writeFileSync(join(folder, "state"), "a file where the folder should be");
  expect(() => file.write(record("one"))).toThrow();
  rmSync(join(folder, "state"));
  file.write(record("two"));
  expect(readFileSync(path, "utf8")).toBe("two {}\n");
});

test.each(
  [
    "authorization",
    "Proxy-Authorization",
    "cookie",
    "set-cookie",
    "api_key",
    "apiKey",
    "x-api-key",
    "x_goog_api_key",
    "access_token",
    "refreshToken",
    "auth-token",
    "bearer_token",
    "id_token",
    "OPENAI_API_KEY",
    "proxy_api_key",
    "proxyApiKey",
    "secret",
    "client_secret",
    "clientSecret",
    "password",
  ].map((name) => [name]),
)("a member called %s is redacted, wherever it stands", (name) => {
  file.write(record("one", { [name]: "value", deep: [{ [name]: "value" }] }));
  expect(readFileSync(path, "utf8")).toBe(`one {"${name}":"[redacted]","deep":[{"${name}":"[redacted]"}]}\n`);
});

test.each(["tokens", "input_tokens", "key", "secrets", "passwords", "token", "cookies"])(
  "a member called %s is not",
  (name) => {
    file.write(record("one", { [name]: "value" }));
    expect(readFileSync(path, "utf8")).toBe(`one {"${name}":"value"}\n`);
  },
);

test.each([0o640, 0o620, 0o610, 0o604, 0o602, 0o601, 0o755])(
  "a file of mode %o is closed to others",
  (mode) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "");
    chmodSync(path, mode);
    file.write(record("one"));
    expect(modeOf(path)).toBe(0o600);
    expect(reports).toEqual([
      `The log file ${path} was open to other users (mode ${mode.toString(8)}); it is its owner's alone now.`,
    ]);
  },
);

test("a file that was moved is followed by another one within a tenth of a second", async () => {
  file.write(record("one"));
  renameSync(path, `${path}.moved`);
  await Bun.sleep(150);
  file.write(record("two"));
  expect([readFileSync(`${path}.moved`, "utf8"), readFileSync(path, "utf8")]).toEqual([
    "one {}\n",
    "two {}\n",
  ]);
});

test("older files are looked at, and none stays open; what is no file is not waited for", () => {
  mkdirSync(dirname(path), { recursive: true });
  for (const age of [2, 3, 4]) writeFileSync(`${path}.${age}`, "old", { mode: 0o600 });
  Bun.spawnSync(["mkfifo", `${path}.1`]);
  const openFiles = () => readdirSync("/proc/self/fd").length;
  const before = openFiles();
  file.write(record("one"));
  expect(openFiles()).toBe(before + 1);
  file.close();
  expect(openFiles()).toBe(before);
});

test("a rotation moves the files it has made, and no other", () => {
  mkdirSync(dirname(path), { recursive: true });
  for (const age of [0, 1, 2, 3, 4, 5]) writeFileSync(`${path}.${age}`, `${age}`, { mode: 0o600 });
  writeFileSync(path, "x".repeat(10 * 1024 * 1024), { mode: 0o600 });
  file.write(record("new"));
  const read = (age: number) => readFileSync(`${path}.${age}`, "utf8").slice(0, 3);
  expect([0, 1, 2, 3, 4, 5].map(read)).toEqual(["0", "xxx", "1", "2", "3", "5"]);
  expect(readFileSync(path, "utf8")).toBe("new {}\n");
});

test("older files are looked at once, and not each time that the file is opened", () => {
  file.write(record("one"));
  writeFileSync(`${path}.1`, "old");
  chmodSync(`${path}.1`, 0o644);
  file.close();
  file.write(record("two"));
  expect([modeOf(`${path}.1`), reports]).toEqual([0o644, []]);
});
