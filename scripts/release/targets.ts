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

export const releaseTargets: readonly ReleaseTarget[] = [
  { name: "linux-x64", bunTarget: "bun-linux-x64", system: "linux", architecture: "x64", libc: "glibc" },
  {
    name: "linux-arm64",
    bunTarget: "bun-linux-arm64",
    system: "linux",
    architecture: "arm64",
    libc: "glibc",
  },
  {
    name: "linux-x64-musl",
    bunTarget: "bun-linux-x64-musl",
    system: "linux",
    architecture: "x64",
    libc: "musl",
  },
  {
    name: "linux-arm64-musl",
    bunTarget: "bun-linux-arm64-musl",
    system: "linux",
    architecture: "arm64",
    libc: "musl",
  },
  { name: "macos-x64", bunTarget: "bun-darwin-x64", system: "macos", architecture: "x64", libc: null },
  { name: "macos-arm64", bunTarget: "bun-darwin-arm64", system: "macos", architecture: "arm64", libc: null },
  { name: "windows-x64", bunTarget: "bun-windows-x64", system: "windows", architecture: "x64", libc: null },
  {
    name: "windows-arm64",
    bunTarget: "bun-windows-arm64",
    system: "windows",
    architecture: "arm64",
    libc: null,
  },
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
