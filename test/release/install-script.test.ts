import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../../scripts/release/repository.ts";
import { formatArchiveName, releaseTargets } from "../../scripts/release/targets.ts";
import { buildTarGz } from "../../scripts/release/write-archive.ts";
import { createFakePrograms } from "../support/fake-programs.ts";
import { listTree } from "../support/list-tree.ts";

const script = join(import.meta.dir, "../../scripts/release/install.sh");

let folder: string;
let server: Bun.Server<undefined>;
/** What is at the address: by the last part of the path. */
let files: Map<string, Uint8Array | string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "install-script-"));
  files = new Map();
  server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => {
      const file = files.get(new URL(request.url).pathname.slice(1));
      return file === undefined ? new Response("", { status: 404 }) : new Response(file);
    },
  });
});

afterEach(async () => {
  await server.stop(true);
  rmSync(folder, { recursive: true, force: true });
});

/** Publishes an archive for every system, each with a program that says for which one it is. */
async function publishRelease(body = "echo"): Promise<void> {
  const lines: string[] = [];
  for (const target of releaseTargets) {
    if (target.system === "windows") continue;
    const name = formatArchiveName(target, "1.2.3");
    const program = new TextEncoder().encode(`#!/bin/sh\n${body} "1.2.3 for ${target.name}"\n`);
    const archive = await buildTarGz(
      [{ name: "claude-proxy", data: program, isProgram: true }],
      name.replace(".tar.gz", ""),
      new Date(0),
    );
    files.set(name, archive);
    lines.push(`${createHash("sha256").update(archive).digest("hex")}  ${name}\n`);
  }
  files.set("checksums.txt", lines.join(""));
}

async function install(env: Record<string, string> = {}) {
  const child = Bun.spawn(["sh", script], {
    env: {
      PATH: "/usr/bin:/bin",
      HOME: folder,
      TMPDIR: folder,
      CLAUDE_PROXY_DOWNLOAD_URL: server.url.origin,
      ...env,
    },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { exitCode: await child.exited, stdout, stderr };
}

describe.skipIf(process.platform === "win32")("install.sh", () => {
  test("installs below the home folder and says what comes next", async () => {
    await publishRelease();
    const before = listTree(folder);
    const program = join(folder, ".local/bin/claude-proxy");
    const { exitCode, stdout, stderr } = await install();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout.replace(/1\.2\.3 for \S+/, "1.2.3")).toBe(
      [
        `claude-proxy 1.2.3 is installed: ${program}`,
        "To run it by its name, put its folder on your PATH:",
        `  export PATH="${folder}/.local/bin:$PATH"`,
        "See it work, without a key:",
        `  ${program} demo`,
        "Then put in your settings and serve:",
        `  ${program} serve`,
        "",
      ].join("\n"),
    );
    expect(statSync(program).mode & 0o777).toBe(0o755);
    const added = listTree(folder).filter((line) => !before.includes(line));
    expect(added.map((line) => line.split(" ")[0])).toEqual([
      ".local",
      ".local/bin",
      ".local/bin/claude-proxy",
    ]);
  });

  test("installs over what is there, and knows its folder on the PATH", async () => {
    await publishRelease();
    const folderOnPath = join(folder, "my bin");
    const env = { CLAUDE_PROXY_INSTALL_DIR: folderOnPath, PATH: `/usr/bin:/bin:${folderOnPath}` };
    await install(env);
    const { exitCode, stdout } = await install(env);
    expect(exitCode).toBe(0);
    expect(stdout).toEndWith(
      "\n  claude-proxy demo\nThen put in your settings and serve:\n  claude-proxy serve\n",
    );
  });

  test.each([
    ["x86_64", "Linux", "linux-x64"],
    ["aarch64", "Linux", "linux-arm64"],
    ["x86_64", "Darwin", "macos-x64"],
    ["arm64", "Darwin", "macos-arm64"],
  ])("takes the archive for %s on %s", async (processor, system, target) => {
    await publishRelease();
    const programs = createFakePrograms(join(folder, "fake"), {
      uname: `case $1 in -m) echo ${processor} ;; -s) echo ${system} ;; esac`,
      sysctl: "exit 1",
    });
    const { stdout } = await install({ PATH: `${programs.folder}:/usr/bin:/bin` });
    // A glibc system: the musl programs are tried out where there is a musl.
    expect(stdout).toStartWith(`claude-proxy 1.2.3 for ${target} is installed`);
  });

  test("sees an Apple processor behind Rosetta", async () => {
    await publishRelease();
    const programs = createFakePrograms(join(folder, "fake"), {
      uname: "case $1 in -m) echo x86_64 ;; -s) echo Darwin ;; esac",
      sysctl: "echo 1",
    });
    const { stdout } = await install({ PATH: `${programs.folder}:/usr/bin:/bin` });
    expect(stdout).toStartWith("claude-proxy 1.2.3 for macos-arm64 is installed");
  });

  test("refuses an archive that is another than its checksum says, and leaves nothing", async () => {
    await publishRelease();
    const list = String(files.get("checksums.txt"));
    files.set("checksums.txt", list.replace(/^[0-9a-f]{64}/gm, "0".repeat(64)));
    const before = listTree(folder);
    const { exitCode, stdout, stderr } = await install();
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(
      /^claude-proxy-1\.2\.3-\S+\.tar\.gz is not what was released, so it is not installed\.\n {2}expected 0{64}\n {2}got {6}[0-9a-f]{64}\n$/,
    );
    expect(listTree(folder)).toEqual(before);
  });

  test("keeps the old program when the new one does not start", async () => {
    await publishRelease();
    await install();
    const program = join(folder, ".local/bin/claude-proxy");
    const old = readFileSync(program, "utf8");
    await publishRelease("exit 3;");
    const { exitCode, stderr } = await install();
    expect(exitCode).toBe(1);
    expect(stderr).toContain("The program does not start here");
    expect(readFileSync(program, "utf8")).toBe(old);
    expect(existsSync(join(folder, ".local/bin/.claude-proxy.new"))).toBe(false);
  });

  test("says when there is no archive for this machine, and when nothing can be downloaded", async () => {
    files.set("checksums.txt", "");
    expect((await install()).stderr).toMatch(/^The release at http:\S+ has no archive for \S+\.\n$/);
    files.clear();
    expect((await install()).stderr).toContain(
      `This cannot be downloaded: ${server.url.origin}/checksums.txt`,
    );
  });

  test.skipIf(Bun.which("shellcheck") === null)("shellcheck has nothing to say", () => {
    const { stdout } = Bun.spawnSync(["shellcheck", script, join(script, "../assemble-container-root.sh")]);
    expect(stdout.toString()).toBe("");
  });
});

test("both installers download from the project's releases", () => {
  for (const name of ["install.sh", "install.ps1"]) {
    const text = readFileSync(join(script, "..", name), "utf8");
    expect(text).toMatch(new RegExp(`repository ?= ?'?${RegExp.escape(repository)}'?\n`));
  }
});
