// Builds a release: `bun run release`. Without words it does both halves; between them, on a macOS machine, the x64
// program for macOS is signed (see .github/workflows/release.yml):
//   binaries  the eight programs, into dist/release/binaries
//   package   archives, checksums, list of contents, formula, manifest and installers, into dist/release
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import packageJson from "../../package.json" with { type: "json" };
import { buildConfigSchema } from "./build-config-schema.ts";
import { buildExampleEnv } from "./build-example-env.ts";
import { buildFormula } from "./build-formula.ts";
import { buildNotices } from "./build-notices.ts";
import { buildSbom } from "./build-sbom.ts";
import { buildScoopManifest } from "./build-scoop-manifest.ts";
import { listBundledPackages } from "./bundled-packages.ts";
import { formatArchiveName, formatProgramName, type ReleaseTarget, releaseTargets } from "./targets.ts";
import { type ArchiveFile, buildTarGz, buildZip } from "./write-archive.ts";

const { version } = packageJson;
const bunVersion = packageJson.devDependencies.bun;
const root = join(import.meta.dir, "../..");

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: "string", default: "dist/release" },
    /** Release what is in the folder although it differs from the commit. */
    "allow-changes": { type: "boolean", default: false },
  },
});

function git(...args: string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync(["git", ...args], { cwd: root });
  if (exitCode !== 0) {
    throw new Error(`git ${args.join(" ")} has failed: ${stderr.toString().trim()}`);
  }
  return stdout.toString().trim();
}

function formatMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function locateProgramFile(target: ReleaseTarget): string {
  return join(options.out, "binaries", target.name, formatProgramName(target));
}

/** Works on as many archives at a time as there are cores: all at once would hold a gigabyte of programs in memory. */
async function mapTargets<Result>(work: (target: ReleaseTarget) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = [...releaseTargets.entries()];
  const workInLane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      results[next[0]] = await work(next[1]);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, workInLane));
  return results;
}

async function buildBinary(target: ReleaseTarget): Promise<void> {
  const outfile = locateProgramFile(target);
  rmSync(outfile, { force: true });
  const place = ["--target", target.bunTarget, "--outfile", outfile.replace(/\.exe$/, "")];
  const build = Bun.spawn([process.execPath, "--no-env-file", "scripts/build.ts", ...place], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  if ((await build.exited) !== 0) {
    throw new Error(`The build for ${target.name} has failed`);
  }
}

function readTextFile(name: string): Uint8Array {
  return readFileSync(join(root, name));
}

async function buildArchive(
  target: ReleaseTarget,
  texts: readonly ArchiveFile[],
  time: Date,
): Promise<Uint8Array> {
  const program: ArchiveFile = {
    name: formatProgramName(target),
    data: readFileSync(locateProgramFile(target)),
    isProgram: true,
  };
  return target.system === "windows"
    ? await buildZip([program, ...texts], time)
    : await buildTarGz([program, ...texts], `claude-proxy-${version}-${target.name}`, time);
}

/** Writes a file of the release and gives its sha256 in hex. */
function publish(name: string, data: string | Uint8Array): string {
  writeFileSync(join(options.out, name), data);
  return createHash("sha256").update(data).digest("hex");
}

async function packageRelease(): Promise<void> {
  const time = new Date(Number(git("log", "-1", "--format=%ct")) * 1000);
  const packages = listBundledPackages(root);
  const encoder = new TextEncoder();
  const texts: ArchiveFile[] = [
    { name: "LICENSE", data: readTextFile("LICENSE"), isProgram: false },
    {
      name: "THIRD-PARTY-NOTICES.txt",
      data: encoder.encode(`${buildNotices(packages, root, bunVersion)}\n`),
      isProgram: false,
    },
    { name: "README.md", data: readTextFile("README.md"), isProgram: false },
    { name: ".env.example", data: encoder.encode(buildExampleEnv()), isProgram: false },
  ];
  const archives = await mapTargets(async (target): Promise<[string, string]> => {
    const name = formatArchiveName(target, version);
    const archive = await buildArchive(target, texts, time);
    const programBytes = Bun.file(locateProgramFile(target)).size;
    console.log(`${name}: ${formatMegabytes(archive.length)}, the program ${formatMegabytes(programBytes)}`);
    return [name, publish(name, archive)];
  });
  const digests = new Map(archives);
  publish("claude-proxy.rb", buildFormula(version, digests));
  publish("claude-proxy.json", `${JSON.stringify(buildScoopManifest(version, digests), null, 4)}\n`);
  const sbom = buildSbom({ version, commit: git("rev-parse", "HEAD"), time, bunVersion, packages });
  digests.set("sbom.cdx.json", publish("sbom.cdx.json", `${JSON.stringify(sbom, null, 2)}\n`));
  for (const name of ["install.sh", "install.ps1"]) {
    digests.set(name, publish(name, readFileSync(join(import.meta.dir, name))));
  }
  digests.set("config.schema.json", publish("config.schema.json", buildConfigSchema()));
  publish("checksums.txt", [...digests].map(([name, digest]) => `${digest}  ${name}\n`).join(""));
}

const halves = positionals.length === 0 ? ["binaries", "package"] : positionals;
if (!options["allow-changes"] && git("status", "--porcelain") !== "") {
  throw new Error("A release is built from a clean checkout. Commit or remove what git status shows.");
}
mkdirSync(options.out, { recursive: true });
for (const half of halves) {
  if (half === "binaries") {
    // One after the other: beside another build, Bun wrote other bytecode for the same source in three of four releases.
    for (const target of releaseTargets) await buildBinary(target);
  } else if (half === "package") {
    await packageRelease();
  } else {
    throw new Error(`There are the halves binaries and package, not ${half}`);
  }
}
