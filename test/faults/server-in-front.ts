import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePort } from "../support/find-free-port.ts";

const certificates = join(import.meta.dir, "../fixtures/certificates");
const page = readFileSync(join(import.meta.dir, "../../docs/operations.md"), "utf8");

/** A server that ends TLS in front of the proxies, by the configuration that docs/operations.md tells people to copy. */
export interface ServerInFront {
  name: "nginx" | "haproxy";
  /** The program, or null where it is not installed. */
  path: string | null;
  /** What stands around the configuration of the page. */
  surround(config: string, folder: string): string;
  commands(path: string, configPath: string, folder: string): { check: string[]; run: string[] };
}

/** Debian keeps them where only root's PATH leads. */
const find = (name: string) => Bun.which(name) ?? Bun.which(name, { PATH: "/usr/sbin" });

export const serversInFront: readonly ServerInFront[] = [
  {
    name: "nginx",
    path: find("nginx"),
    surround: (config, folder) => {
      const bodies = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
      const folders = bodies.map((name) => `${name}_temp_path ${folder}/${name};`).join(" ");
      const outer = `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log; events {}`;
      return `${outer} http { access_log off; ${folders}\n${config}\n}\n`;
    },
    commands: (path, configPath, folder) => {
      const run = [path, "-p", folder, "-e", join(folder, "error.log"), "-c", configPath];
      return { check: [...run, "-t"], run };
    },
  },
  {
    name: "haproxy",
    path: find("haproxy"),
    surround: (config) => config,
    commands: (path, configPath) => ({
      check: [path, "-c", "-f", configPath],
      run: [path, "-db", "-f", configPath],
    }),
  },
];

/** The settings that the page gives to each instance behind one of them, but for its address and its key. */
export function readInstanceSettings(): Readonly<Record<string, string>> {
  const block = /^```\n(HOST=[\s\S]*?)^```$/m.exec(page)?.[1] ?? "";
  const pairs = [...block.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]);
  const settings: Record<string, string> = Object.fromEntries(pairs);
  return { ...settings, HOST: "0.0.0.0", PROXY_API_KEY: clientKey };
}

/** The key of the clients. */
export const clientKey = "the-key-of-the-team";

/** The block of the page for this server, with our addresses and certificate in place of the example's. */
function readConfig(name: string, port: number, instances: readonly number[], folder: string): string {
  const block = new RegExp(`\`\`\`${name}\n([\\s\\S]*?)\`\`\``).exec(page)?.[1];
  if (block === undefined) throw new Error(`docs/operations.md has no configuration for ${name}`);
  return block
    .replace(/10\.0\.0\.1([123]):8080/g, (_all, digit) => `127.0.0.1:${instances[Number(digit) - 1]}`)
    .replace(/listen 443|bind :443/, (words) => words.replace(/:?443/, `127.0.0.1:${port}`))
    .replaceAll("/etc/ssl/", `${folder}/`);
}

/** Checks the configuration, which throws with the words of the program if it has any, and starts the server. */
export async function startServerInFront(server: ServerInFront, instances: readonly number[]) {
  const folder = mkdtempSync(join(tmpdir(), `claude-proxy-${server.name}-`));
  const [certificate, key] = ["valid.pem", "server-key.pem"].map((name) =>
    readFileSync(join(certificates, name), "utf8"),
  );
  // HAProxy reads both from one file; nginx passes over the key in the first.
  writeFileSync(join(folder, "proxy.example.com.pem"), `${certificate}${key}`);
  writeFileSync(join(folder, "proxy.example.com.key"), `${key}`);
  chmodSync(folder, 0o755);
  const port = await findFreePort();
  const configPath = join(folder, "config");
  writeFileSync(configPath, server.surround(readConfig(server.name, port, instances, folder), folder));
  const { check, run } = server.commands(server.path ?? server.name, configPath, folder);
  const checked = Bun.spawnSync(check);
  const remarks = `${checked.stdout}${checked.stderr}`;
  if (checked.exitCode !== 0 || /warn/i.test(remarks)) throw new Error(remarks);
  const child = Bun.spawn(run, { cwd: folder, stdio: ["ignore", "ignore", "ignore"] });
  while (child.exitCode === null && !(await takesConnections(port))) await Bun.sleep(10);
  return {
    url: `https://127.0.0.1:${port}`,
    authority: Bun.file(join(certificates, "authority.pem")),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      await child.exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true));
    socket.on("connect", () => socket.destroy());
    socket.on("error", () => resolve(false));
  });
}
