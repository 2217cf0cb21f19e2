import { expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runProgramIn } from "../run-program-in.ts";

const main = join(import.meta.dir, "../../../src/main.ts");
const isWindows = process.platform === "win32";
const key = "example-key-0123456789abcdef";

const good = `# My own words.\nupstreams:\n  ollama: {} # on the desk\nroutes: { default: ollama/a }\n`;
const better = good.replace("ollama/a", "ollama/b");
const faulty = good.replace("routes", "rutes");

/** A home with a configuration file in its usual place, and an editor that is a shell script. */
function createHome(text: string | null) {
  const home = mkdtempSync(join(tmpdir(), "config-edit-"));
  const folder = join(home, ".config/claude-proxy");
  const path = join(folder, "config.yaml");
  mkdirSync(folder, { recursive: true });
  if (text !== null) writeFileSync(path, text, { mode: 0o640 });
  if (text !== null) chmodSync(path, 0o640);
  const texts = (name: string, content: string) => {
    const file = join(home, name);
    writeFileSync(file, content);
    return file;
  };
  return {
    home,
    path,
    copyPath: join(folder, "config.edit.yaml"),
    write: texts,
    /** Each line is run by one call of the editor, with the copy as `$1`. */
    async edit(
      calls: readonly string[],
      {
        input = "",
        args = [],
        variable = "EDITOR",
      }: { input?: string; args?: readonly string[]; variable?: string } = {},
    ) {
      const count = texts("calls", "");
      const script = calls.map((line, index) => `${index + 1}) ${line} ;;`).join("\n");
      const editor = texts(
        "an editor.sh",
        `echo x >> '${count}'\ncase $(wc -l < '${count}' | tr -d ' ') in\n${script}\n*) exit 9 ;;\nesac\n`,
      );
      const command = ["config", "edit", ...args];
      const { exitCode, out, err } = await runProgramIn(
        home,
        command,
        { [variable]: `sh '${editor}'` },
        { input },
      );
      const plain = (shown: string) => shown.replaceAll(folder, "FOLDER");
      return { exitCode, out: plain(out), err: plain(err) };
    },
    files: () => readdirSync(folder).sort(),
    read: (file = path) => readFileSync(file, "utf8"),
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}

const put = (file: string) => `cat '${file}' > "$1"`;

test.skipIf(isWindows)(
  "what is in order replaces the file, which keeps its comments and its access",
  async () => {
    using home = createHome(good);
    const { ino } = statSync(home.path);
    const seen = join(home.home, "seen");
    const done = await home.edit([`ls -l "$1" > '${seen}'; ${put(home.write("better", better))}`]);
    expect(done).toEqual({
      exitCode: 0,
      out: "ok: FOLDER/config.yaml has 1 upstream, 1 route, 0 cases, 0 clients\n",
      err: "",
    });
    expect(home.read()).toBe(better);
    expect(home.files()).toEqual(["config.yaml"]);
    expect([statSync(home.path).mode & 0o777, statSync(home.path).ino === ino]).toEqual([0o640, false]);
    // The copy was beside the file, and its user's alone.
    expect(readFileSync(seen, "utf8")).toMatch(/^-rw-------.* \S+\/claude-proxy\/config\.edit\.yaml\n$/);
  },
);

test.skipIf(isWindows)("a fault is shown, the file stays, and the same copy is edited again", async () => {
  using home = createHome(good);
  const seen = join(home.home, "seen");
  const { exitCode, out, err } = await home.edit(
    [
      put(home.write("faulty", faulty)),
      `cp "$1" '${seen}'; cp '${home.path}' '${seen}.file'; ${put(home.write("better", better))}`,
    ],
    { input: "\n" },
  );
  expect(err).toBe(
    "FOLDER/config.edit.yaml:4:1 rutes: is no key here. Did you mean routes?\nEdit it again? [Y/n] ",
  );
  expect([exitCode, out]).toEqual([
    0,
    "ok: FOLDER/config.yaml has 1 upstream, 1 route, 0 cases, 0 clients\n",
  ]);
  expect([readFileSync(seen, "utf8"), readFileSync(`${seen}.file`, "utf8")]).toEqual([faulty, good]);
  expect([home.read(), home.files()]).toEqual([better, ["config.yaml"]]);
});

test.skipIf(isWindows).each([
  ["no", "n\n"],
  ["nobody to ask", ""],
])("with a fault and %s, the copy stays and the file too", async (_, input) => {
  using home = createHome(good);
  const done = await home.edit([put(home.write("faulty", faulty))], { input });
  expect([done.exitCode, done.out]).toEqual([2, ""]);
  expect(done.err).toEndWith(
    "Edit it again? [Y/n] FOLDER/config.yaml is as it was. Your text is in FOLDER/config.edit.yaml\n",
  );
  expect([home.read(), home.read(home.copyPath)]).toEqual([good, faulty]);
  // The next edit leaves the earlier one alone.
  const next = await home.edit([put(home.write("better", better))]);
  expect(next).toEqual({
    exitCode: 0,
    out: "ok: FOLDER/config.yaml has 1 upstream, 1 route, 0 cases, 0 clients\n",
    err: "An earlier edit was left in FOLDER/config.edit.yaml.\n",
  });
  expect([home.read(), home.files()]).toEqual([better, ["config.edit.yaml", "config.yaml"]]);
});

test.skipIf(isWindows)("nothing changed leaves everything as it was", async () => {
  using home = createHome(faulty);
  const { ino } = statSync(home.path);
  expect(await home.edit(["true"])).toEqual({ exitCode: 0, out: "Nothing was changed.\n", err: "" });
  expect([statSync(home.path).ino, home.files()]).toEqual([ino, ["config.yaml"]]);
});

test.skipIf(isWindows)("what somebody else has written meanwhile is not overwritten", async () => {
  using home = createHome(good);
  const other = good.replace("ollama/a", "ollama/other");
  const done = await home.edit([
    `cat '${home.write("other", other)}' > '${home.path}'; ${put(home.write("better", better))}`,
  ]);
  expect(done).toEqual({
    exitCode: 1,
    out: "",
    err: "FOLDER/config.yaml was changed by somebody else, and is left so. Your text is in FOLDER/config.edit.yaml\n",
  });
  expect([home.read(), home.read(home.copyPath)]).toEqual([other, better]);
});

test.skipIf(isWindows)("an editor that fails after it has written leaves the copy", async () => {
  using home = createHome(good);
  const done = await home.edit([`${put(home.write("better", better))}; exit 3`]);
  expect([done.exitCode, done.out]).toEqual([1, ""]);
  expect(done.err).toContain("ended with exit code 3.\n");
  expect(done.err).toEndWith("FOLDER/config.yaml is as it was. Your text is in FOLDER/config.edit.yaml\n");
  expect([home.read(), home.read(home.copyPath)]).toEqual([good, better]);
});

test.skipIf(isWindows)("an editor that is not there is said, and leaves nothing", async () => {
  using home = createHome(good);
  const child = Bun.spawnSync([process.execPath, "--no-env-file", main, "config", "edit"], {
    env: { HOME: home.home, PATH: process.env["PATH"] ?? "", VISUAL: "no-such-editor -w", EDITOR: "true" },
  });
  expect([child.exitCode, child.stdout.toString()]).toEqual([1, ""]);
  expect(child.stderr.toString()).toContain(
    "The editor no-such-editor -w could not be started.\nThe variable VISUAL or EDITOR names another one: ",
  );
  expect([home.read(), home.files()]).toEqual([good, ["config.yaml"]]);
});

test.skipIf(isWindows)("what is no file of settings is not edited", async () => {
  using home = createHome(null);
  Bun.spawnSync(["mkfifo", home.path]);
  const { exitCode, out, err } = await home.edit(["true"]);
  expect([exitCode, out, err]).toEqual([2, "", "FOLDER/config.yaml cannot be read: it is not a file\n"]);
  expect(home.files()).toEqual(["config.yaml"]);
});

test.skipIf(isWindows)("a link stays a link: the file behind it is replaced", async () => {
  using home = createHome(null);
  const real = home.write("dotfiles.yaml", good);
  symlinkSync(real, home.path);
  expect((await home.edit([put(home.write("better", better))])).exitCode).toBe(0);
  expect([readFileSync(real, "utf8"), home.read(), home.files()]).toEqual([better, better, ["config.yaml"]]);
  expect(existsSync(join(dirname(real), "dotfiles.edit.yaml"))).toBe(false);
});

test.skipIf(isWindows)(
  "without a file one is begun, which its user alone may read; VISUAL comes first",
  async () => {
    using home = createHome(null);
    const done = await home.edit([`grep -c openrouter "$1" >/dev/null && ${put(home.write("good", good))}`], {
      variable: "VISUAL",
    });
    expect([done.exitCode, done.err]).toEqual([0, ""]);
    expect([home.read(), statSync(home.path).mode & 0o777]).toEqual([good, 0o600]);
    using other = createHome(null);
    expect((await other.edit(["true"])).out).toBe("Nothing was changed.\n");
    expect(other.files()).toEqual([]);
  },
);

test.skipIf(isWindows)("no message shows a key of the file", async () => {
  using home = createHome(good);
  const withKey = `upstreams:\n  a: { url: https://a.test/v1, key: ${key} }\nrutes: {}\n`;
  const { out, err } = await home.edit([put(home.write("with-key", withKey))], { input: "n\n" });
  expect(err).toContain("rutes");
  expect(out + err).not.toContain(key);
});

test.skipIf(isWindows)("without a terminal, vi is not started, and nothing is left", async () => {
  using home = createHome(good);
  const result = await home.edit([], { variable: "NO_EDITOR" });
  expect(result).toEqual({
    exitCode: 2,
    out: "",
    err: "There is no terminal for vi. The variable VISUAL or EDITOR names another editor.\n",
  });
  expect(home.files()).toEqual(["config.yaml"]);
});
