import { deepStrictEqual, match } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { checkMachOSignature } from "../mach-o-signature.ts";
import { type ReleaseTarget, releaseTargets } from "../targets.ts";
import { requirePackages, runTool } from "./debian-packages.ts";
import { locateProgram } from "./locate-release.ts";

const glibcLibraries = ["libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0"];

/** By architecture and C library, what a Linux program may need. */
const expectedLibraries: Readonly<Record<string, readonly string[]>> = {
  "linux-x64": ["ld-linux-x86-64.so.2", ...glibcLibraries],
  "linux-arm64": ["ld-linux-aarch64.so.1", ...glibcLibraries],
  "linux-x64-musl": ["libc.musl-x86_64.so.1", "libstdc++.so.6"],
  "linux-arm64-musl": ["libc.musl-aarch64.so.1", "libstdc++.so.6"],
};

/** What `file` says of a program. */
const formats = {
  linux: /^ELF 64-bit/,
  macos: /^Mach-O 64-bit/,
  windows: /^PE32\+ executable/,
  x64: /x86[-_]64/,
  arm64: /aarch64|arm64/i,
};

/** RHEL 7, Ubuntu 14.04 and everything since have it. */
const oldestGlibc = "2.17";

function matchAll(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found = ""]) => found);
}

function checkLibraries(target: ReleaseTarget, path: string): string {
  const needed = matchAll(runTool(["readelf", "--dynamic", "--wide", path]), /\(NEEDED\).*\[(.+)\]/g);
  deepStrictEqual(needed.toSorted(), expectedLibraries[target.name], `libraries of ${target.name}`);
  if (target.libc === "musl") {
    return `needs ${needed.join(", ")}`;
  }
  const versions = matchAll(runTool(["readelf", "--version-info", "--wide", path]), /GLIBC_(\d+\.\d+)/g);
  const newest = versions.toSorted((a, b) => Number(a.slice(2)) - Number(b.slice(2))).at(-1);
  deepStrictEqual(newest, oldestGlibc, `newest glibc symbol of ${target.name}`);
  return `runs with glibc ${newest} and newer`;
}

function checkSignature(target: ReleaseTarget, bytes: Uint8Array): string {
  const { isAdHoc, pages, wrongPages, coversAll } = checkMachOSignature(bytes);
  if (target.architecture === "x64" && wrongPages > 0) {
    // Bun signs this one wrongly. It is signed anew on a macOS machine before it is published.
    return `signature invalid as built (${wrongPages} of ${pages} pages): to be signed on macOS`;
  }
  deepStrictEqual({ isAdHoc, wrongPages, coversAll }, { isAdHoc: true, wrongPages: 0, coversAll: true });
  return `signature of ${pages} pages valid`;
}

function checkTarget(target: ReleaseTarget): string {
  const path = locateProgram(target.name);
  const format = runTool(["file", "--brief", path]);
  match(format, formats[target.system]);
  match(format, formats[target.architecture]);
  switch (target.system) {
    case "linux":
      return checkLibraries(target, path);
    case "macos":
      return checkSignature(target, readFileSync(path));
    case "windows":
      return "a Windows program";
  }
}

/** Looks at all eight programs without running them: format, processor, libraries, oldest glibc, signatures. */
export async function checkStatically(): Promise<string> {
  await requirePackages(["binutils", "file"], ["readelf", "file"]);
  const lines = releaseTargets.map((target) => `\n          ${target.name.padEnd(18)}${checkTarget(target)}`);
  return `eight programs; only looked at, not run: macos-x64, macos-arm64, windows-arm64, linux-arm64-musl${lines.join("")}`;
}
