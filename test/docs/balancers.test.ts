import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { settingNames } from "../../src/config/config-schema.ts";
import { largestBodyBytes } from "../../src/server/body-size.ts";
import { defaultTimes } from "../../src/server/stop-server.ts";
import { startPair } from "../support/start-pair.ts";
import { type Json, objectOf, objectsOf } from "../support/strict/json.ts";

const root = join(import.meta.dir, "../..");
const page = readFileSync(join(root, "docs/operations.md"), "utf8");
const dockerfile = readFileSync(join(root, "Dockerfile"), "utf8");

/** The first block in this language behind this heading. */
function readBlock(heading: string, language: string): string {
  const section = page.slice(page.indexOf(`\n${heading}\n`));
  return new RegExp(`\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "m").exec(section)?.[1] ?? "";
}

const nginx = readBlock("### nginx", "nginx");
const haproxy = readBlock("### HAProxy", "haproxy");
const manifests = readBlock("### Kubernetes", "yaml")
  .split(/^---\n/m)
  .map((text) => objectOf(Bun.YAML.parse(text)));
const instance = readBlock("## Several instances behind a balancer", "");

const manifestOf = (kind: string): Json => objectOf(manifests.find((manifest) => manifest["kind"] === kind));
/** What is at the end of these names; a number stands for a place in a list. */
const at = (value: unknown, ...names: (string | number)[]): unknown =>
  names.reduce<unknown>(
    (found, name) => (typeof name === "number" ? objectsOf(found)[name] : objectOf(found)[name]),
    value,
  );
/** The number behind these words. */
const numberIn = (text: string, words: RegExp) =>
  Number(new RegExp(`${words.source}(\\d+)`, "m").exec(text)?.[1]);

const pod = objectOf(at(manifestOf("Deployment"), "spec", "template", "spec"));
const container = objectOf(at(pod, "containers", 0));
const env = new Map(objectsOf(container["env"]).map(({ name, value }) => [String(name), String(value)]));
const annotations = objectOf(at(manifestOf("Ingress"), "metadata", "annotations"));
const annotation = (name: string) => annotations[`nginx.ingress.kubernetes.io/${name}`];
const mostSilenceSeconds = 2 * 900;
const bodyMb = largestBodyBytes / 1024 / 1024;

test("whatever stops an instance waits for its delay, its answers and its last words", () => {
  const seconds = (name: string) => Number(env.get(name));
  const podSeconds =
    seconds("DRAIN_DELAY_SECONDS") + seconds("DRAIN_SECONDS") + defaultTimes.lastWordMs / 1000;
  expect(at(pod, "terminationGracePeriodSeconds")).toBeGreaterThan(podSeconds);
  const ofUnit = numberIn(page, /TimeoutStopSec=/);
  const wanted = [/^DRAIN_DELAY_SECONDS=/, /^DRAIN_SECONDS=/].map((words) => numberIn(instance, words));
  expect(ofUnit).toBeGreaterThan(wanted.reduce((sum, part) => sum + part, defaultTimes.lastWordMs / 1000));
});

test("the balancer has noticed a stop before the port closes", () => {
  const delaySeconds = numberIn(instance, /^DRAIN_DELAY_SECONDS=/);
  expect(numberIn(nginx, /^ *keepalive_timeout /)).toBeLessThan(delaySeconds);
  const checked =
    numberIn(haproxy, / inter /) * numberIn(haproxy, / fall /) + numberIn(haproxy, /timeout check +/);
  expect(checked).toBeLessThan(delaySeconds);
  const probe = objectOf(container["readinessProbe"]);
  const probed = Number(probe["periodSeconds"]) * Number(probe["failureThreshold"]);
  expect(probed).toBeLessThan(Number(env.get("DRAIN_DELAY_SECONDS")));
});

test("the largest body passes, and so does the longest silence", () => {
  expect(nginx).toContain(`client_max_body_size ${bodyMb}m;`);
  expect(annotation("proxy-body-size")).toBe(`${bodyMb}m`);
  const waits = [
    numberIn(nginx, /proxy_read_timeout /),
    numberIn(nginx, /proxy_send_timeout /),
    numberIn(haproxy, /timeout client +/),
    numberIn(haproxy, /timeout server +/),
    Number(annotation("proxy-read-timeout")),
    Number(annotation("proxy-send-timeout")),
  ];
  expect(waits).toEqual(waits.map(() => mostSilenceSeconds));
});

test("the pods are the image of the Dockerfile, and are given what the program knows", () => {
  expect([...env.keys()].filter((name) => !settingNames.some((known) => known === name))).toEqual([]);
  const port = at(container, "ports", 0, "containerPort");
  expect(dockerfile).toContain(`PORT=${port} `);
  expect(dockerfile).toContain(`EXPOSE ${port}\n`);
  const user = at(pod, "securityContext", "runAsUser");
  expect(dockerfile).toContain(`USER ${user}:${user}\n`);
  expect(dockerfile).toContain(`VOLUME ${at(container, "volumeMounts", 0, "mountPath")}\n`);
  expect(at(container, "volumeMounts", 0, "name")).toBe(at(pod, "volumes", 0, "name"));
  expect(JSON.stringify(manifests)).not.toContain("API_KEY");
});

test("the manifests belong together", () => {
  const labels = at(manifestOf("Deployment"), "spec", "template", "metadata", "labels");
  expect(at(manifestOf("Deployment"), "spec", "selector", "matchLabels")).toEqual(labels);
  expect(at(manifestOf("Service"), "spec", "selector")).toEqual(labels);
  expect(at(manifestOf("PodDisruptionBudget"), "spec", "selector", "matchLabels")).toEqual(labels);
  expect(at(manifestOf("PodDisruptionBudget"), "spec", "minAvailable")).toBeLessThan(
    Number(at(manifestOf("Deployment"), "spec", "replicas")),
  );
  const portName = at(container, "ports", 0, "name");
  expect(at(manifestOf("Service"), "spec", "ports", 0, "targetPort")).toBe(portName);
  expect(["readinessProbe", "livenessProbe"].map((name) => at(container, name, "httpGet", "port"))).toEqual([
    portName,
    portName,
  ]);
  const service = objectOf(
    at(manifestOf("Ingress"), "spec", "rules", 0, "http", "paths", 0, "backend", "service"),
  );
  expect([service["name"], at(service, "port", "name")]).toEqual([
    at(manifestOf("Service"), "metadata", "name"),
    at(manifestOf("Service"), "spec", "ports", 0, "name"),
  ]);
});

test("all three hash the session of Claude Code, and the controller by the same map as nginx", () => {
  const map = /^map [\s\S]*?^}\n/m.exec(nginx)?.[0] ?? "";
  const variable = /^map \$http_x_claude_code_session_id (\$\w+) /.exec(map)?.[1];
  expect(nginx).toContain(`hash ${variable} consistent;`);
  expect(annotation("upstream-hash-by")).toBe(variable);
  expect(at(manifestOf("ConfigMap"), "data", "http-snippet")).toBe(map);
  expect(haproxy).toContain("balance hdr(x-claude-code-session-id)\n    hash-type consistent\n");
});

test("what the balancers ask is answered without a key", async () => {
  await using pair = await startPair({ settings: { proxyApiKey: "client-key-example-0123456789" } });
  const probes = ["readinessProbe", "livenessProbe"].map((name) =>
    String(at(container, name, "httpGet", "path")),
  );
  const paths = [...probes, /http-check send meth GET uri (\S+)/.exec(haproxy)?.[1] ?? ""];
  expect(paths).toEqual(["/ready", "/health", "/ready"]);
  const statuses = paths.map(async (path) => (await fetch(`${pair.proxy.url}${path}`)).status);
  expect(await Promise.all(statuses)).toEqual([200, 200, 200]);
});

test("the page is always asked at one of the instances, by a name that it takes", () => {
  const location = readBlock("#### The page behind a balancer", "nginx");
  const address = /proxy_pass http:\/\/(.*);/.exec(location)?.[1];
  expect(nginx).toContain(`server ${address} `);
  expect(location).toContain("location /dashboard {");
  expect(location).toContain("proxy_set_header Host $host;");
  expect(page).toContain(`in the place of \`http://${address}\``);
});
