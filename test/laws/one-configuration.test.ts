import { expect, test } from "bun:test";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chunk, completionOf, stopChunk, usageChunk } from "../support/chunks.ts";
import { json, sse, status } from "../support/reply.ts";
import { soonMs } from "../support/soon-ms.ts";
import { startProgram } from "../support/start-program.ts";
import { objectOf } from "../support/strict/json.ts";
import { type RecordedRequest, startUpstream } from "../support/upstream.ts";

/** A configuration that says its number wherever it can: both of its upstreams, and the path, key, header, body and model of each. */
function textOf(number: number, baseUrl: string): string {
  const upstream = (place: string) =>
    `  ${place}-${number}:
    url: "${baseUrl}/of-${number}/${place}"
    profile: generic
    key: sk-key-of-number-${number}
    headers: { x-number: "${number}" }
    body: { user: "${number}" }
`;
  return `upstreams:
${upstream("first")}${upstream("second")}routes:
  default: [first-${number}/model-${number}, second-${number}/model-${number}]
clients:
  ci: { key: ci-client-key-0123456789 }
  number-${number}: { key: client-key-of-number-${number} }
`;
}

/** Every number that a request upstream shows. One for the list of models has no body. */
function numbersOf({ method, path, headers, body }: RecordedRequest): number[] {
  const { user, model } = objectOf(body);
  const places = [path, headers["authorization"], headers["x-number"]];
  if (method === "POST") places.push(String(user), String(model));
  return places.map((place) => Number(/(\d+)/.exec(String(place).replace("/v1/", "/"))?.[1]));
}

async function until(holds: () => boolean): Promise<void> {
  const endMs = performance.now() + soonMs;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error("it has not come about");
    await Bun.sleep(10);
  }
}

test("200 requests while the file is written 20 times, five times badly: each is answered, by one configuration", async () => {
  const folder = mkdtempSync(join(tmpdir(), "one-configuration-"));
  const path = join(folder, "config.yaml");
  await using upstream = Object.assign(await startUpstream(), {
    [Symbol.asyncDispose]: async () => {
      await upstream.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  });
  // The first one always fails, and late: while a request is on its way to the second, the file changes.
  upstream.respondWith(({ path: asked, body }) => {
    const headDelayMs = 20 + Math.random() * 60;
    if (asked.includes("/first")) return { ...status(503, "busy"), headDelayMs };
    if (objectOf(body)["stream"] !== true) return json(completionOf({ text: "hello" }), { headDelayMs });
    return sse([chunk({ content: "hello" }), stopChunk, usageChunk()], { headDelayMs, paceMs: 20 });
  });
  const inPlace = (text: string) => writeFileSync(path, text, { mode: 0o600 });
  const beside = (text: string) => {
    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  };
  inPlace(textOf(100, upstream.baseUrl));
  await using program = await startProgram(upstream.baseUrl, { CONFIG_FILE: path });

  let isWriting = true;
  const write = async () => {
    for (let edit = 1; edit <= 20; edit += 1) {
      const number = 100 + edit;
      const isBad = edit % 4 === 3;
      const fault = `fault-${number}`;
      const text = isBad ? `upstreams: { x: { ${fault}: 1 } }\n` : textOf(number, upstream.baseUrl);
      if (edit % 2 === 0) beside(text);
      else {
        inPlace(text.slice(0, text.length / 2));
        await Bun.sleep(20);
        inPlace(text);
      }
      await until(() =>
        isBad
          ? program.output().includes(fault)
          : upstream.requests.some((sent) => numbersOf(sent)[0] === number),
      );
    }
    isWriting = false;
  };
  const answers: unknown[] = [];
  let asked = 0;
  const ask = async () => {
    while (isWriting || asked < 200) {
      asked += 1;
      const id = `request-${asked}-`;
      const response = await fetch(`${program.url}/v1/messages`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-api-key": "ci-client-key-0123456789" },
        body: JSON.stringify({
          model: "claude-sonnet-5-5",
          max_tokens: 100,
          stream: asked % 2 === 0,
          messages: [{ role: "user", content: id }],
        }),
      });
      const text = await response.text();
      const sent = upstream.requests.filter(({ rawBody }) => rawBody.includes(id));
      const said = ["upstream", "model"].map((name) => response.headers.get(`x-claude-proxy-${name}`));
      const numbers = new Set([
        ...sent.flatMap(numbersOf),
        ...said.map((name) => Number(name?.replace(/\D/g, ""))),
      ]);
      const isWhole = text.includes("hello") && !text.includes('"type":"error"');
      answers.push([response.status, isWhole, sent.length > 0, numbers.size]);
    }
  };
  await Promise.all([write(), ask(), ask(), ask(), ask()]);
  expect(answers.length).toBeGreaterThanOrEqual(200);
  expect(answers.filter((answer) => !Bun.deepEquals(answer, [200, true, true, 1]))).toEqual([]);
  const good = Array.from({ length: 21 }, (_, edit) => 100 + edit).filter((number) => number % 4 !== 3);
  expect([...new Set(upstream.requests.flatMap(numbersOf))].sort()).toEqual(good);
  expect(upstream.requests.filter((sent) => new Set(numbersOf(sent)).size > 1)).toEqual([]);
}, 60_000);
