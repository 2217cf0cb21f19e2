import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ArchiveFile, buildTarGz, buildZip } from "../../scripts/release/write-archive.ts";

const encoder = new TextEncoder();
const files: ArchiveFile[] = [
  { name: "claude-proxy", data: encoder.encode("#!/bin/sh\necho works\n"), isProgram: true },
  { name: ".env.example", data: encoder.encode("BIG_MODEL_NAME=ä\n"), isProgram: false },
];
const time = new Date("2026-11-24T02:11:05Z");

/** Unpacks with programs of the system, so that the archives are read by somebody else. */
function unpack(bytes: Uint8Array, words: (archive: string, folder: string) => string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "archive-"));
  const archive = join(folder, "archive");
  writeFileSync(archive, bytes);
  const { exitCode, stderr } = Bun.spawnSync(words(archive, folder));
  expect({ exitCode, stderr: stderr.toString() }).toEqual({ exitCode: 0, stderr: "" });
  rmSync(archive);
  const found = [...new Bun.Glob("**/*").scanSync({ cwd: folder, dot: true })].toSorted().map((path) => {
    const { mode, mtime } = statSync(join(folder, path));
    return `${path} ${(mode & 0o777).toString(8)} ${mtime.toISOString()} ${readFileSync(join(folder, path), "utf8")}`;
  });
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
  return found;
}

test.skipIf(process.platform === "win32")("a .tar.gz keeps names, modes, times and contents", async () => {
  const archive = await buildTarGz(files, "claude-proxy-1.0.0", time);
  expect(unpack(archive, (path, folder) => ["tar", "-xzf", path, "-C", folder])).toEqual([
    "claude-proxy-1.0.0/.env.example 644 2026-11-24T02:11:05.000Z BIG_MODEL_NAME=ä\n",
    "claude-proxy-1.0.0/claude-proxy 755 2026-11-24T02:11:05.000Z #!/bin/sh\necho works\n",
  ]);
});

test.skipIf(process.platform === "win32")("a .tar.gz has its end, however much is in it", async () => {
  // Twenty blocks of 512 bytes are a record of the library.
  for (let blocks = 0; blocks < 20; blocks += 1) {
    const file = { name: "a", data: new Uint8Array(512 * blocks).fill(97), isProgram: false };
    const archive = await buildTarGz([file], "folder", time);
    expect(unpack(archive, (path, folder) => ["tar", "-xzf", path, "-C", folder])).toHaveLength(1);
  }
});

test.skipIf(Bun.which("python3") === null)("a .zip keeps names and contents, on top", async () => {
  const archive = await buildZip(files, time);
  const found = unpack(archive, (path, folder) => ["python3", "-m", "zipfile", "-e", path, folder]);
  expect(found.map((line) => line.replace(/ \d+ \S+ /, " "))).toEqual([
    ".env.example BIG_MODEL_NAME=ä\n",
    "claude-proxy #!/bin/sh\necho works\n",
  ]);
});

test("the same files give the same bytes in every time zone", async () => {
  const program = `
    const { buildTarGz, buildZip } = await import(${JSON.stringify(join(import.meta.dir, "../../scripts/release/write-archive.ts"))});
    const files = [{ name: "a", data: new Uint8Array([1, 2, 3]), isProgram: true }];
    const time = new Date(${time.getTime()});
    for (const bytes of [await buildTarGz(files, "folder", time), await buildZip(files, time)])
      console.log(Bun.SHA256.hash(bytes, "hex"));`;
  const [first, second] = ["America/Caracas", "Asia/Kathmandu"].map((zone) =>
    Bun.spawnSync([process.execPath, "-e", program], { env: { ...process.env, TZ: zone } }).stdout.toString(),
  );
  expect(first).toMatch(/^[0-9a-f]{64}\n[0-9a-f]{64}\n$/);
  expect(second).toBe(first ?? "");
});

test("another time gives another archive", async () => {
  const digest = async (when: Date) =>
    createHash("sha256")
      .update(await buildTarGz(files, "folder", when))
      .digest("hex");
  expect(await digest(new Date("2026-11-24T02:11:06Z"))).not.toBe(await digest(time));
});
