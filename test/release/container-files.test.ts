import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startVariables } from "../../src/config/request-limit.ts";

const root = join(import.meta.dir, "../..");
const read = (name: string) => readFileSync(join(root, name), "utf8");

test("the image begins empty, gets only what was put together for it, and has no rights", () => {
  const [, image = ""] = read("Dockerfile").split("\nFROM scratch\n");
  const lines = image.replaceAll(/\\\n\s*/g, "").split("\n");
  expect(lines.filter((line) => line !== "" && !line.startsWith("#"))).toEqual([
    "COPY --from=build /image /",
    "COPY --from=build --chown=65532:65532 /state /var/lib/claude-proxy",
    "USER 65532:65532",
    "ENV PATH=/usr/local/bin HOME=/var/lib/claude-proxy XDG_CONFIG_HOME=/etc XDG_STATE_HOME=/var/lib HOST=0.0.0.0 PORT=8080 " +
      "BUN_CONFIG_MAX_HTTP_REQUESTS=8192 BUN_JSC_useFTLJIT=0 BUN_ENABLE_CRASH_REPORTING=0",
    "EXPOSE 8080",
    "VOLUME /var/lib/claude-proxy",
    'HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["claude-proxy", "status"]',
    "STOPSIGNAL SIGTERM",
    'ENTRYPOINT ["claude-proxy"]',
    'CMD ["serve"]',
  ]);
});

test("the image has all of Bun's variables for which the program would start itself a second time", () => {
  const words = read("Dockerfile")
    .replaceAll(/\\\n\s*/g, "")
    .split(/\s+/);
  const wanted = Object.entries(startVariables).map(([name, value]) => `${name}=${value}`);
  expect(wanted.filter((word) => !words.includes(word))).toEqual([]);
  expect(wanted.length).toBe(3);
});

test("Compose lets only this machine in, and only with a client key", () => {
  expect(Bun.YAML.parse(read("docker-compose.yml"))).toEqual({
    services: {
      "claude-proxy": {
        build: ".",
        image: "claude-proxy",
        env_file: ".env",
        environment: {
          HOST: "0.0.0.0",
          PORT: "8080",
          LOG_FILE_PATH: "/var/lib/claude-proxy/claude-proxy.log",
          // biome-ignore lint/suspicious/noTemplateCurlyInString: Compose puts the value in.
          PROXY_API_KEY: "${PROXY_API_KEY:?Set PROXY_API_KEY in .env, since clients must send it}",
        },
        ports: ["127.0.0.1:8080:8080"],
        extra_hosts: ["host.docker.internal:host-gateway"],
        volumes: ["state:/var/lib/claude-proxy"],
        read_only: true,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
        restart: "unless-stopped",
        stop_grace_period: "40s",
      },
    },
    volumes: { state: null },
  });
});

test("no key and no clone's history gets into the build", () => {
  const ignored = read(".dockerignore").split("\n");
  expect(ignored).toEqual(expect.arrayContaining([".env", ".env.*", ".git", "node_modules", "dist"]));
});
