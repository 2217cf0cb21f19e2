/** One program that a release has. */
export interface ReleaseTarget {
  /** As in the archive's name: `linux-x64-musl`. */
  readonly name: string;
  /** What Bun calls it. */
  readonly bunTarget: string;
  readonly system: "linux" | "macos" | "windows";
  readonly architecture: "x64" | "arm64";
  /** The C library; null where the system has one only. */
  readonly libc: "glibc" | "musl" | null;
}

function describeTarget(
  system: ReleaseTarget["system"],
  architecture: ReleaseTarget["architecture"],
  libc: ReleaseTarget["libc"] = null,
): ReleaseTarget {
  const place = `${architecture}${libc === "musl" ? "-musl" : ""}`;
  const bunTarget = `bun-${system === "macos" ? "darwin" : system}-${place}`;
  return { name: `${system}-${place}`, bunTarget, system, architecture, libc };
}

export const releaseTargets: readonly ReleaseTarget[] = [
  describeTarget("linux", "x64", "glibc"),
  describeTarget("linux", "arm64", "glibc"),
  describeTarget("linux", "x64", "musl"),
  describeTarget("linux", "arm64", "musl"),
  describeTarget("macos", "x64"),
  describeTarget("macos", "arm64"),
  describeTarget("windows", "x64"),
  describeTarget("windows", "arm64"),
];

/** @throws Error that names the targets there are */
export function findTarget(name: string): ReleaseTarget {
  const target = releaseTargets.find((candidate) => candidate.name === name);
  if (target === undefined) {
    throw new Error(
      `There is no target ${name}. There are: ${releaseTargets.map((one) => one.name).join(", ")}`,
    );
  }
  return target;
}

export function formatProgramName(target: ReleaseTarget): string {
  return target.system === "windows" ? "claude-proxy.exe" : "claude-proxy";
}

/** `claude-proxy-1.2.3-linux-x64.tar.gz`; a `.zip` for Windows. */
export function formatArchiveName(target: ReleaseTarget, version: string): string {
  return `claude-proxy-${version}-${target.name}${target.system === "windows" ? ".zip" : ".tar.gz"}`;
}
