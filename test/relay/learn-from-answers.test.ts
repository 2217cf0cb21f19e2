import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chunk, completionOf, usageChunk } from "../support/chunks.ts";
import { json, sse } from "../support/reply.ts";
import { hello, type Pair, readBytes, startPair } from "../support/start-pair.ts";

const wires = [
  { clientModel: "claude-sonnet-5-5", upstreamModel: "medium-model" },
  { clientModel: "claude-haiku-5", upstreamModel: "small-model" },
] as const;

/** "hi hi hi" is a token each; 4 for the message and 3 for the start of the reply. */
const rawTokensOf = (words: number) => words + 4 + 3;

/** Rule 7: the first charge is taken whole, every other moves the factor by a fifth of the way. */
function learnOneByOne(ratios: readonly number[]): number {
  const [first = Number.NaN, ...rest] = ratios;
  const clamp = (factor: number) => Math.min(2, Math.max(0.7, factor));
  return rest.reduce((factor, ratio) => clamp(0.8 * factor + 0.2 * ratio), clamp(first));
}

/** What the file says; it is written two seconds after the first thing it tells. */
async function readFactors(folder: string): Promise<Record<string, number>> {
  const file = Bun.file(join(folder, "token-calibration.json"));
  return (await file.exists()) ? (await file.json()).factors : {};
}

test("[7:calibration] every answer moves the factor of its model, and its record has the estimate's error", async () => {
  const folder = await mkdtemp(join(tmpdir(), "claude-proxy-learn-"));
  const settings = { logFilePath: join(folder, "claude-proxy.log") };
  await using pair = await startPair({ quietMs: 100, settings });
  const ratios = new Map<string, number[]>(wires.map(({ upstreamModel }) => [upstreamModel, []]));

  for (let index = 0; index < 50; index += 1) {
    const { clientModel, upstreamModel } = wires[index % 3 === 0 ? 1 : 0];
    const words = 50 + 10 * index;
    const isStream = index % 2 === 0;
    const charged = rawTokensOf(words) + ((index * 37) % 50) + 10;
    ratios.get(upstreamModel)?.push(charged / rawTokensOf(words));
    const usage = { prompt_tokens: charged, completion_tokens: 1 };
    pair.upstream.reply(
      isStream
        ? sse([chunk({ content: "ok" }), chunk({}, "stop"), usageChunk(usage)])
        : json(completionOf({ text: "ok", usage })),
    );
    const content = Array(words).fill("hi").join(" ");
    const request = { ...hello, model: clientModel, stream: isStream, messages: [{ role: "user", content }] };
    await readBytes(await pair.post(request));
  }

  const { host } = new URL(pair.upstream.baseUrl);
  const expected = Object.fromEntries(
    [...ratios].map(([model, ofModel]) => [`${host} ${model}`, learnOneByOne(ofModel).toFixed(9)]),
  );
  let factors: Record<string, string> = {};
  for (let tries = 0; tries < 400 && !Bun.deepEquals(factors, expected); tries += 1) {
    await Bun.sleep(10);
    const kept = Object.entries(await readFactors(folder));
    factors = Object.fromEntries(kept.map(([key, factor]) => [key, factor.toFixed(9)]));
  }
  expect(factors).toEqual(expected);
  await pair.proxy.record(49);
  const errors = pair.proxy.records.map(({ estimateErrorPercent }) => estimateErrorPercent);
  expect(errors).toEqual(Array(50).fill(expect.any(Number)));
  await rm(folder, { recursive: true, force: true });
});

/** What is shown as thinking and as text of streams that say these texts, one character at a time. */
function createAsker(pair: Pair) {
  const shown: unknown[] = [];
  const ask = async (text: string, fields: object = {}, before: object[] = []) => {
    const deltas = [...before, ...[...text].map((content) => ({ content }))];
    pair.upstream.reply(sse([...deltas.map((delta) => chunk(delta)), chunk({}, "stop")]));
    const request = { ...hello, stream: true, thinking: { type: "adaptive" }, ...fields };
    const events = new TextDecoder().decode(await readBytes(await pair.post(request)));
    const told = [...events.matchAll(/^data: (.*"content_block_delta".*)$/gm)].map(([, data = ""]) =>
      JSON.parse(data),
    );
    const textOf = (member: string) => told.map(({ delta }) => delta[member] ?? "").join("");
    shown.push([textOf("thinking"), textOf("text")]);
  };
  return { shown, ask };
}

test("[3.3:lone-tag] a model that closes reasoning which its prompt opened is understood from its next stream on", async () => {
  await using pair = await startPair();
  const { shown, ask } = createAsker(pair);
  await ask("a</think>b");
  await ask("a</think>b");
  await ask("a</think>b", { model: "claude-haiku-5" });
  await ask("a</think>b", { thinking: { type: "disabled" } });
  await ask("ab");
  await ask("a</think>b");
  await ask("a</think>b");
  const unknown = ["", "a</think>b"];
  const known = ["a", "b"];
  expect(shown).toEqual([unknown, known, unknown, unknown, ["", "ab"], unknown, known]);
});

test("[3.3:lone-tag] a model whose template is known to open its reasoning is understood from its first stream on", async () => {
  const bigModelName = "Qwen/Qwen3-30B-A3B-Thinking-2507";
  await using pair = await startPair({ settings: { bigModelName, mediumModelName: bigModelName } });
  const { shown, ask } = createAsker(pair);
  await ask("a</think>b");
  await ask("b", {}, [{ reasoning_content: "a" }]);
  await ask("a</think>b");
  await ask("a</think>b", { thinking: { type: "disabled" } });
  // Its server shows no reasoning: it is believed, until a stream shows otherwise.
  await ask("b");
  await ask("a</think>b");
  await ask("a</think>b");
  const known = ["a", "b"];
  const unknown = ["", "a</think>b"];
  expect(shown).toEqual([known, known, known, unknown, ["", "b"], unknown, known]);
});

test("[3.3:lone-tag] a server that shows no reasoning of such a model streams from the second answer on", async () => {
  const bigModelName = "deepseek-ai/DeepSeek-R1-0528";
  await using pair = await startPair({ settings: { bigModelName, mediumModelName: bigModelName } });
  const { ask } = createAsker(pair);
  await ask("Hello.");
  pair.upstream.reply(
    sse([chunk({ content: "Hel" }), chunk({ content: "lo." }), chunk({}, "stop")], { paceMs: 50 }),
  );
  const reply = await pair.post({ ...hello, stream: true, thinking: { type: "adaptive" } });
  const events = new TextDecoder().decode(await readBytes(reply));
  expect(events.match(/text_delta/g)?.length).toBe(2);
});
