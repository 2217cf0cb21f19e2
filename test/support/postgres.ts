import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SQL } from "bun";
import { findStablePort } from "./find-stable-port.ts";

/** A PostgreSQL of the tests' own. It asks for a password, and takes TLS connections beside plain ones. */
export interface Postgres {
  /** Of the database `postgres`, with user and password: `postgres://…@127.0.0.1:PORT/postgres`. */
  url: string;
  port: number;
  /** Its data, its log and its Unix socket are in it. */
  folder: string;
  /** Of the server; null while it does not run. */
  pid(): number | null;
  /** Makes a new, empty database and gives its URL. One that has the name is dropped with its connections. */
  createDatabase(name: string): Promise<string>;
  /**
   * Runs a text in the database `postgres`, or in the one of a URL, over a connection of its own, and gives the rows of
   * its last statement.
   */
  query(text: string, databaseUrl?: string): Promise<Record<string, unknown>[]>;
  /** Ends it. `fast` tells clients so (57P01), `immediate` breaks off and has to recover. */
  stop(how: "fast" | "immediate"): Promise<void>;
  /** Kills all its processes. */
  kill9(): Promise<void>;
  /** Starts it again with its data, at the same port. */
  start(): Promise<void>;
  /** Everything that it has written to its log. */
  log(): string;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface PostgresOptions {
  /** Of `test/fixtures/certificates`; null for a server without TLS. */
  certificate?: "valid" | "self-signed" | "wrong-host" | "expired" | null;
  /** Lines of postgresql.conf. */
  settings?: Readonly<Record<string, string>>;
}

export const postgresUser = "canary_keeper";
/** What a test of secrets searches for. */
export const postgresPassword = "canary-postgres-0123456789";

/**
 * What makes it quick. Nothing of it matters as long as the machine itself runs: a killed server keeps what it committed.
 * The time zone is an odd one, because that of a stranger's server is not known either.
 */
const usualSettings: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  fsync: "off",
  full_page_writes: "off",
  shared_buffers: "32MB",
  max_connections: "200",
  timezone: "Pacific/Chatham",
  logging_collector: "off",
};

const certificates = join(import.meta.dir, "../fixtures/certificates");
const binaries = findBinaries();

/** Why there is no PostgreSQL here, for `test.skipIf`; null if there is. */
export const whyNoPostgres = findWhyNot();

/** What a test that needs it is called: whoever reads that it was skipped reads why. */
export const nameWithPostgres = (name: string): string =>
  whyNoPostgres === null ? name : `${name} (skipped: ${whyNoPostgres})`;

let shared: Promise<Postgres> | null = null;

/**
 * The server that all test files of this process share, each with a database of its own. It starts when it is first
 * asked for and ends with the process. A file that ends it starts it again. Throws where there is none.
 */
export function sharePostgres(): Promise<Postgres> {
  shared ??= startPostgres();
  return shared;
}

/** Starts a server for one test: `await using postgres = await startPostgres({ certificate: null })`. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  if (whyNoPostgres !== null) throw new Error(whyNoPostgres);
  const folder = mkdtempSync(join(tmpdir(), "claude-proxy-postgres-"));
  const keeper = startKeeper(folder);
  const port = await findStablePort();
  createCluster(folder, port, options);
  const url = `postgres://${postgresUser}:${postgresPassword}@127.0.0.1:${port}/postgres`;
  const logFile = join(folder, "log");
  const log = () => readFileSync(logFile, "utf8");
  let server: Bun.Subprocess | null = null;

  const end = async (signal: "SIGINT" | "SIGQUIT" | "SIGKILL") => {
    if (server === null) return;
    const children = signal === "SIGKILL" ? listChildren(server.pid) : [];
    server.kill(signal);
    for (const pid of children) killProcess(pid);
    await server.exited;
    server = null;
    keeper.tell(0);
  };
  const start = async () => {
    if (server !== null) return;
    const child = spawnServer(folder, logFile);
    server = child;
    keeper.tell(child.pid);
    await untilItAnswers(url, child, log);
  };
  await start();
  return {
    url,
    port,
    folder,
    pid: () => server?.pid ?? null,
    async createDatabase(name) {
      if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`${name} is no plain name of a database`);
      await queryAlone(url, `drop database if exists ${name} with (force)`);
      await queryAlone(url, `create database ${name}`);
      return url.replace(/postgres$/, name);
    },
    query: (text, databaseUrl = url) => queryAlone(databaseUrl, text),
    stop: (how) => end(how === "fast" ? "SIGINT" : "SIGQUIT"),
    kill9: () => end("SIGKILL"),
    start,
    log,
    [Symbol.asyncDispose]: async () => {
      await end("SIGQUIT");
      await keeper.end();
    },
  };
}

/**
 * A process that outlives this one by a moment: however this one ends, it ends the server and removes the folder. Without
 * it a killed test would leave a server behind.
 */
function startKeeper(folder: string) {
  const script = `
    trap "" INT TERM HUP
    pid=0
    while read -r line; do pid=$line; done
    if [ "$pid" -gt 0 ] && kill -QUIT "$pid"; then
      tries=0
      while [ -e "$0/data/postmaster.pid" ] && [ "$tries" -lt 50 ]; do tries=$((tries + 1)); sleep 0.1; done
    fi
    rm -rf "$0"`;
  const child = Bun.spawn(["sh", "-c", script, folder], { stdio: ["pipe", "ignore", "ignore"] });
  child.unref();
  return {
    /** Which process is to be ended; 0 for none. */
    tell(pid: number) {
      child.stdin.write(`${pid}\n`);
      child.stdin.flush();
    },
    async end() {
      child.stdin.end();
      await child.exited;
    },
  };
}

function createCluster(
  folder: string,
  port: number,
  { certificate = "valid", settings }: PostgresOptions,
): void {
  const owner = findOwner();
  const give = (path: string, mode: number) => {
    chmodSync(path, mode);
    if (owner !== null) chownSync(path, owner.uid, owner.gid);
  };
  give(folder, 0o700);
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, postgresPassword);
  give(passwordFile, 0o600);
  const words = ["--no-sync", "--encoding=UTF8", "--locale=C", "--auth=scram-sha-256"];
  const data = join(folder, "data");
  const { exitCode, stdout, stderr } = Bun.spawnSync(
    asOwner("initdb", `--username=${postgresUser}`, `--pwfile=${passwordFile}`, ...words, data),
    { cwd: folder, env: environment },
  );
  if (exitCode !== 0) throw new Error(`initdb has failed (${exitCode}): ${stderr}${stdout}`);
  rmSync(passwordFile);
  const lines: Record<string, string> = {
    ...usualSettings,
    port: String(port),
    unix_socket_directories: folder,
    ...settings,
  };
  if (certificate !== null) {
    const files = { ssl_cert_file: `${certificate}.pem`, ssl_key_file: "server-key.pem" };
    for (const [name, file] of Object.entries(files)) {
      lines[name] = join(folder, file);
      copyFileSync(join(certificates, file), join(folder, file));
      give(join(folder, file), 0o600);
    }
    lines["ssl"] = "on";
  }
  const text = Object.entries(lines).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`);
  writeFileSync(join(data, "postgresql.auto.conf"), text.join(""));
}

function spawnServer(folder: string, logFile: string): Bun.Subprocess {
  const child = Bun.spawn(
    ["sh", "-c", 'exec "$@" >>"$0" 2>&1', logFile, ...asOwner("postgres", "-D", join(folder, "data"))],
    {
      cwd: folder,
      env: environment,
      stdio: ["ignore", "ignore", "ignore"],
    },
  );
  child.unref();
  return child;
}

/** Only what it needs: variables of the tests could change what it does. */
const environment = { PATH: process.env["PATH"] ?? "", LC_ALL: "C" };

async function untilItAnswers(url: string, child: Bun.Subprocess, log: () => string): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    try {
      await queryAlone(url, "select 1");
      return;
    } catch (error) {
      if (child.exitCode !== null || performance.now() > deadline)
        throw new Error(`PostgreSQL does not answer (${error}):\n${log()}`);
      await Bun.sleep(20);
    }
  }
}

async function queryAlone(url: string, text: string): Promise<Record<string, unknown>[]> {
  const sql = new SQL(url, { max: 1, tls: "disable" });
  try {
    const result = await sql.unsafe(text);
    // Several statements have a result each.
    return [...(Array.isArray(result.at(-1)) ? result.at(-1) : result)];
  } finally {
    await sql.close();
  }
}

function findBinaries(): string | null {
  const versions = "/usr/lib/postgresql";
  if (!existsSync(versions)) return null;
  const folders = readdirSync(versions)
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(versions, version, "bin"));
  return folders.find((folder) => existsSync(join(folder, "initdb"))) ?? null;
}

function findWhyNot(): string | null {
  if (binaries === null) return "PostgreSQL is missing: install the Debian package postgresql";
  if (process.geteuid?.() !== 0) return null;
  if (findOwner() === null) return "PostgreSQL does not run as root, and there is no user postgres";
  return Bun.which("setpriv") === null ? "PostgreSQL does not run as root, and there is no setpriv" : null;
}

/** The user as whom root starts it; null for another user, who starts it as himself. */
function findOwner(): { uid: number; gid: number } | null {
  if (process.geteuid?.() !== 0) return null;
  const line = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync("/etc/passwd", "utf8"));
  return line === null ? null : { uid: Number(line[1]), gid: Number(line[2]) };
}

function asOwner(program: string, ...words: string[]): string[] {
  const command = [join(binaries ?? "", program), ...words];
  const owner = findOwner();
  if (owner === null) return command;
  return ["setpriv", `--reuid=${owner.uid}`, `--regid=${owner.gid}`, "--clear-groups", "--", ...command];
}

function listChildren(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.split(" ").flatMap((word) => (word === "" ? [] : [Number(word)]));
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It has ended with the server already.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
