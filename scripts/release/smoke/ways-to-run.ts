import { chmodSync, copyFileSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { requirePackages, runTool } from "./debian-packages.ts";
import { runToEnd, type StartOptions, startOnTerminal, startWithSignals } from "./started-program.ts";
import type { Way } from "./way.ts";

/** One command ends in this time on a busy machine, under an emulator too. */
const limitMs = 60_000;

/** A home of its own, and nothing of the environment of whoever runs this. */
function createEnv(folder: string, settings: Readonly<Record<string, string>>): Record<string, string> {
  return { PATH: "/usr/bin:/bin", HOME: folder, ...settings };
}

/** Makes a `claude` that says what it was given. @returns the folder it is in */
function makeClaude(folder: string, name: string, text: string): string {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, name), text);
  chmodSync(join(bin, name), 0o755);
  return bin;
}

const unixClaude = '#!/bin/sh\necho "claude got $ANTHROPIC_BASE_URL $*"\n';

/** What a program of Linux finds: a `claude`, and an editor that changes nothing. */
function equipUnix(folder: string, mapPath: (path: string) => string): Record<string, string> {
  const bin = makeClaude(folder, "claude", unixClaude);
  return { PATH: `${mapPath(bin)}:/usr/bin:/bin`, EDITOR: "true" };
}

/** A way for which each start is a line of words, and stops at SIGTERM. */
function createWay(
  compose: (
    folder: string,
    settings: Readonly<Record<string, string>>,
  ) => StartOptions & { readonly words: readonly string[] },
  mapPath: (path: string) => string = (path) => path,
): Way {
  return {
    start(folder, settings) {
      const { words, ...options } = compose(folder, settings);
      return startWithSignals([...words, "serve"], options);
    },
    mapPath,
    commands: {
      async run(args, folder, settings) {
        const { words, ...options } = compose(folder, settings);
        return await runToEnd([...words, ...args], { ...options, limitMs });
      },
      equip: (folder) => equipUnix(folder, mapPath),
    },
  };
}

/** As it is. */
export function runDirectly(program: string): Way {
  return createWay((folder, settings) => ({ words: [program], folder, env: createEnv(folder, settings) }));
}

/** A program for Linux on arm64, under qemu. */
export async function runUnderQemu(program: string): Promise<Way> {
  const libraries = "/usr/aarch64-linux-gnu";
  await requirePackages(
    ["qemu-user-static", "libc6-arm64-cross"],
    ["qemu-aarch64-static", join(libraries, "lib/libc.so.6")],
  );
  const compose = (folder: string, settings: Readonly<Record<string, string>>) => ({
    words: ["qemu-aarch64-static", "-L", libraries, program],
    folder,
    // The proxy would start itself again to set this one, and a program under qemu cannot.
    env: { ...createEnv(folder, settings), BUN_CONFIG_MAX_HTTP_REQUESTS: "8192" },
  });
  const { commands, ...way } = createWay(compose);
  // Compiling what runs once takes a third of a short command there.
  const quicker = { BUN_JSC_useJIT: "0" };
  return {
    ...way,
    commands: commands && {
      ...commands,
      run: async (args, folder, settings) => await commands.run(args, folder, { ...settings, ...quicker }),
    },
  };
}

/** A COFF object for x64 without anything in it: the linker wants one. */
const emptyObject = Uint8Array.from([0x64, 0x86, ...new Array<number>(18).fill(0)]);

/** Wine 8 has no bcryptprimitives.dll. This one leads its only function to another library that has it. */
function buildMissingLibrary(folder: string, programFolder: string): void {
  const definition = join(folder, "forward.def");
  const object = join(folder, "empty.obj");
  writeFileSync(definition, "LIBRARY bcryptprimitives\nEXPORTS\n ProcessPrng=advapi32.SystemFunction036\n");
  writeFileSync(object, emptyObject);
  const library = join(programFolder, "bcryptprimitives.dll");
  runTool(["lld-link", "/dll", "/noentry", "/machine:x64", `/def:${definition}`, `/out:${library}`, object]);
}

export const winePath = "/usr/lib/wine/wine64";

/** The variables Wine needs; its Windows is in the folder. */
export function createWineEnv(folder: string): Record<string, string> {
  return {
    PATH: "/usr/bin:/bin",
    HOME: folder,
    TERM: "xterm",
    WINEPREFIX: join(folder, "wine"),
    WINEDEBUG: "-all",
    WINEDLLOVERRIDES: "bcryptprimitives=n;mscoree=;mshtml=",
  };
}

/** Makes a Windows in the folder and puts a program into it. @returns the program's path there */
export async function prepareWine(program: string, folder: string): Promise<string> {
  await requirePackages(["wine64", "lld"], [winePath, "lld-link"]);
  const installed = join(folder, "program", "claude-proxy.exe");
  mkdirSync(dirname(installed), { recursive: true });
  copyFileSync(program, installed);
  buildMissingLibrary(folder, dirname(installed));
  runTool([winePath, "wineboot", "--init"], createWineEnv(folder));
  return installed;
}

/** A program for Windows on x64, under Wine. */
export async function runUnderWine(program: string, folder: string): Promise<Way> {
  const installed = await prepareWine(program, folder);
  const words = [winePath, installed];
  const createOptions = (cwd: string, settings: Readonly<Record<string, string>>) => ({
    folder: cwd,
    env: { ...createWineEnv(folder), ...settings },
  });
  const mapPath = (path: string) => `Z:${path.replaceAll("/", "\\")}`;
  return {
    start: (cwd, settings) => startOnTerminal([...words, "serve"], createOptions(cwd, settings)),
    mapPath,
    commands: {
      run: async (args, cwd, settings) =>
        await runToEnd([...words, ...args], { ...createOptions(cwd, settings), limitMs }),
      equip: (cwd) => ({
        WINEPATH: mapPath(makeClaude(cwd, "claude.cmd", "@echo claude got %ANTHROPIC_BASE_URL% %*\r\n")),
        EDITOR: "rem",
      }),
    },
  };
}

/** A program for musl, in a root that has what Alpine has with `apk add libstdc++`, and nothing else. */
export async function runInMuslRoot(program: string, folder: string): Promise<Way> {
  await requirePackages(
    ["musl", "bubblewrap", "gcc", "libc6-dev", "busybox-static"],
    ["/lib/x86_64-linux-musl/libc.so", "bwrap", "gcc", "/usr/share/doc/busybox-static/copyright"],
  );
  const root = join(folder, "root");
  for (const name of ["lib", "usr/lib", "bin", "tmp", "proc", "dev", "work"]) {
    mkdirSync(join(root, name), { recursive: true });
  }
  copyFileSync("/lib/x86_64-linux-musl/libc.so", join(root, "lib/ld-musl-x86_64.so.1"));
  symlinkSync("ld-musl-x86_64.so.1", join(root, "lib/libc.musl-x86_64.so.1"));
  for (const library of ["libstdc++.so.6", "libgcc_s.so.1"]) {
    cpSync(runTool(["gcc", `-print-file-name=${library}`]).trim(), join(root, "usr/lib", library), {
      dereference: true,
    });
  }
  const shim = join(import.meta.dir, "musl-shim.c");
  runTool(["gcc", "-shared", "-fPIC", "-nostdlib", "-o", join(root, "lib/ld-linux-x86-64.so.2"), shim]);
  copyFileSync("/bin/busybox", join(root, "bin/sh"));
  symlinkSync("sh", join(root, "bin/true"));
  copyFileSync(program, join(root, "bin/claude-proxy"));
  chmodSync(join(root, "bin/claude-proxy"), 0o755);
  return runInSandbox(root, "/bin/claude-proxy", folder);
}

/** Runs a program in a root of its own, where the work folder is `/work`. */
function runInSandbox(root: string, program: string, workFolder: string): Way {
  const mapPath = (path: string) => path.replace(workFolder, "/work");
  const mounts = ["--ro-bind", root, "/", "--bind", workFolder, "/work", "--proc", "/proc", "--dev", "/dev"];
  const limits = ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--die-with-parent", "--clearenv"];
  return createWay((folder, settings) => {
    const env = Object.entries({ HOME: "/work", ...settings });
    const variables = env.flatMap(([name, value]) => ["--setenv", name, value]);
    const sandbox = ["bwrap", ...mounts, ...limits, ...variables, "--chdir", mapPath(folder)];
    return { words: [...sandbox, program], folder, env: { PATH: "/usr/bin:/bin" } };
  }, mapPath);
}
