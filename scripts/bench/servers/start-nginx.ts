import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { spawnServer } from "./spawn-server.ts";

/**
 * One worker that passes bytes through. It is as lean as nginx gets for streams: no access log, no buffering of
 * answers, requests kept in memory, connections to the upstream kept open.
 */
function buildConfig(folder: string, port: number, upstreamPort: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 4096; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n  ")}
  client_body_buffer_size 8m;
  client_max_body_size 64m;
  keepalive_requests 1000000000;
  upstream bench { server 127.0.0.1:${upstreamPort}; keepalive 1024; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://bench;
      proxy_http_version 1.1;
      proxy_set_header connection "";
      proxy_buffering off;
      proxy_read_timeout 600s;
    }
  }
}
`;
}

/** Starts nginx with a configuration and a folder of its own; the machine's own nginx is not touched. */
export async function startNginx(options: {
  folder: string;
  port: number;
  upstreamPort: number;
  core: number;
}) {
  const folder = join(options.folder, "nginx");
  await mkdir(folder, { recursive: true });
  const configPath = join(folder, "nginx.conf");
  await Bun.write(configPath, buildConfig(folder, options.port, options.upstreamPort));
  const program = Bun.which("nginx") ?? Bun.which("nginx", { PATH: "/usr/sbin" });
  if (program === null) throw new Error("nginx is missing: apt-get install nginx-light");
  const command = [program, "-p", folder, "-c", configPath, "-e", join(folder, "error.log")];
  return spawnServer({ name: "nginx", port: options.port, command, core: options.core });
}
