import { expect, test } from "bun:test";
import { serveUntilSignal } from "../../src/cli/serve-until-signal.ts";

/** A server that takes as long to stop as the test wants. */
function createSlowServer() {
  const calls: string[] = [];
  const drained = Promise.withResolvers<void>();
  const cut = Promise.withResolvers<void>();
  return {
    calls,
    drained,
    cut,
    stop: () => {
      calls.push("stop");
      return drained.promise;
    },
    stopNow: () => {
      calls.push("stop now");
      return cut.promise;
    },
  };
}

test("[row 72] the first signal waits for what is under way", async () => {
  const server = createSlowServer();
  const listenersBefore = process.listenerCount("SIGTERM");
  const served = serveUntilSignal(server, () => server.calls.push("announced"));
  process.emit("SIGTERM", "SIGTERM");
  expect(server.calls).toEqual(["stop", "announced"]);
  server.drained.resolve();
  await served;
  expect(server.calls).toEqual(["stop", "announced"]);
  expect(process.listenerCount("SIGTERM")).toBe(listenersBefore);
});

test("[row 72] the second signal ends it at once, behind what was cut off", async () => {
  const server = createSlowServer();
  let isOver = false;
  const served = serveUntilSignal(server).then(() => {
    isOver = true;
  });
  process.emit("SIGINT", "SIGINT");
  process.emit("SIGTERM", "SIGTERM");
  server.drained.resolve();
  await Bun.sleep(0);
  expect([server.calls, isOver]).toEqual([["stop", "stop now"], false]);
  server.cut.resolve();
  await served;
});

test("a stop that fails is an error", async () => {
  const server = createSlowServer();
  const served = serveUntilSignal(server);
  process.emit("SIGINT", "SIGINT");
  server.drained.reject(new Error("cannot stop"));
  await expect(served).rejects.toThrow("cannot stop");
});

test("[F8] a stop that cannot be announced is one all the same", async () => {
  const server = createSlowServer();
  const served = serveUntilSignal(server, () => {
    throw new Error("ENOSPC");
  });
  process.emit("SIGTERM", "SIGTERM");
  expect(server.calls).toEqual(["stop"]);
  server.drained.resolve();
  await served;
});

test("[F17] a terminal that is closed says so twice, which is no second signal", async () => {
  const server = createSlowServer();
  const served = serveUntilSignal(server);
  process.emit("SIGHUP", "SIGHUP");
  process.emit("SIGHUP", "SIGHUP");
  expect(server.calls).toEqual(["stop"]);
  process.emit("SIGTERM", "SIGTERM");
  server.cut.resolve();
  await served;
  expect(server.calls).toEqual(["stop", "stop now"]);
});

test("whoever answers SIGHUP decides whether it stops", async () => {
  const server = createSlowServer();
  const stops: (() => void)[] = [];
  const served = serveUntilSignal(server, undefined, (stop) => void stops.push(stop));
  process.emit("SIGHUP", "SIGHUP");
  process.emit("SIGHUP", "SIGHUP");
  expect([server.calls, stops.length]).toEqual([[], 2]);
  stops[0]?.();
  process.emit("SIGHUP", "SIGHUP");
  expect([server.calls, stops.length]).toEqual([["stop"], 2]);
  server.drained.resolve();
  await served;
});
