import { expect, test } from "bun:test";
import { join } from "node:path";
import { fitLine } from "../../scripts/sizing/fit-line.ts";
import { planNeed } from "../../scripts/sizing/plan-need.ts";
import { type SessionModel, sessionModel } from "../../scripts/sizing/session-model.ts";
import { simulateDay } from "../../scripts/sizing/simulate-day.ts";

const folder = join(import.meta.dir, "../../scripts/sizing");

test("each number of the model says whether it was measured or assumed", async () => {
  const text = await Bun.file(join(folder, "session-model.ts")).text();
  const described = [
    ...text.matchAll(/\/\*\*\s+(?:\* )?(Measured|Assumed)(?:(?!\*\/)[\s\S])*\*\/\s+readonly (\w+):/g),
  ];
  expect(described.map((found) => found[2])).toEqual(Object.keys(sessionModel));
});

test("the same seed gives the same day, and another one another", () => {
  const day = simulateDay(sessionModel, 20, 7);
  expect(simulateDay(sessionModel, 20, 7)).toEqual(day);
  expect(simulateDay(sessionModel, 20, 8)).not.toEqual(day);
});

test("ten times as many developers ask ten times as much", () => {
  const [few, many] = [simulateDay(sessionModel, 300, 1), simulateDay(sessionModel, 3000, 1)];
  const ratio = (read: (day: typeof few) => number) => read(many) / read(few);
  for (const read of [
    (day: typeof few) => day.requests,
    (day: typeof few) => day.requestBytes,
    (day: typeof few) => day.hour.messages,
    (day: typeof few) => day.hour.chunks,
    (day: typeof few) => day.hour.streams,
  ]) {
    expect(ratio(read)).toBeGreaterThan(8.5);
    expect(ratio(read)).toBeLessThan(11.5);
  }
});

test("a day adds up: streams are requests times their length, chunks are streams that write", () => {
  const shareAtWork = sessionModel.shareAtWork.map((_, hour) => (hour === 10 ? 1 : 0));
  const model: SessionModel = { ...sessionModel, shareAtWork, burstsOfConversation: 0 };
  const { hour, second, requests, meanMessageBytes } = simulateDay(model, 2000, 3);
  expect(hour.developers).toBe(2000);
  expect(second.developers).toBe(2000);
  expect(hour.counts).toBe(0);
  // Some prompts end after the hour.
  expect(requests / (hour.messages * 3600)).toBeCloseTo(1.02, 1);
  const seconds = model.firstByteSeconds + model.answerTokens / model.tokensPerSecond;
  expect(hour.streams / hour.messages / seconds).toBeCloseTo(1, 1);
  expect(hour.chunks / hour.messages / model.answerTokens).toBeCloseTo(1, 1);
  expect(meanMessageBytes).toBeGreaterThan(model.firstRequestBytes);
  expect(meanMessageBytes).toBeLessThan(model.mostRequestBytes);
});

test("a line goes through points that lie on one", () => {
  const { base, slope } = fitLine([
    [1, 5],
    [2, 7],
    [10, 23],
  ]);
  expect([base, slope].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([3, 2]);
});

test("instances are planned for the worst second, by cores or by streams", () => {
  const costs = {
    requestUs: 1000,
    kilobyteUs: 0,
    chunkUs: 0,
    countUs: 0,
    restMb: 100,
    streamKb: 500,
    connections: 3,
  };
  const load = { developers: 4000, messages: 900, counts: 0, requestBytes: 0, streams: 1000, chunks: 0 };
  const day = { hour: load, second: load, requests: 0, requestBytes: 0, meanMessageBytes: 0 };
  expect(planNeed(day, costs)).toMatchObject({
    hourCores: 0.9,
    instances: 2,
    streamsOfInstance: 500,
    mbOfInstance: 350,
  });
  expect(planNeed({ ...day, second: { ...load, streams: 7000 } }, costs).instances).toBe(10);
});
