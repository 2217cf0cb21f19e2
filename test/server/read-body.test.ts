import { expect, test } from "bun:test";
import { Hono } from "hono";
import { createExchange } from "../../src/relay/exchange.ts";
import { createAdmission } from "../../src/server/admission.ts";
import type { AppEnvironment } from "../../src/server/middleware/request-context.ts";
import { readBody } from "../../src/server/read-body.ts";
import { defaultUploadLimits } from "../../src/server/upload-limits.ts";
import type { StepRunner } from "../../src/turns/run-steps.ts";

const megabyte = 1024 * 1024;
const pieceBytes = 128 * 1024;

/** Reads a body of so many pieces that are all there at once; tells what was read at each step and what came of it. */
async function read(pieces: number): Promise<{ body: Uint8Array; readAtSteps: number[] }> {
  let read = 0;
  const readAtSteps: number[] = [];
  const takeTurn: StepRunner = async (step) => {
    readAtSteps.push(read);
    await Bun.sleep(0);
    return step();
  };
  const source = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (read === pieces) controller.close();
        else controller.enqueue(new Uint8Array(pieceBytes).fill(read));
        read = Math.min(pieces, read + 1);
      },
    },
    { highWaterMark: 0 },
  );
  const app = new Hono<AppEnvironment>();
  let body = new Uint8Array();
  app.post("/", async (c) => {
    const logger = { request: () => {}, error: () => {} };
    c.set("exchange", createExchange(c.req.raw, { requestId: "req_1", now: () => new Date(0), logger }));
    const deps = { admission: createAdmission(10), uploads: defaultUploadLimits, takeTurn };
    body = new Uint8Array(await readBody(c, deps));
    return c.text("ok");
  });
  const response = await app.request(
    new Request("http://a.test/", { method: "POST", body: source }),
    {},
    { setIdleSeconds: () => {} },
  );
  expect(await response.text()).toBe("ok");
  return { body, readAtSteps };
}

test("[F3] of a large body a megabyte is read in one turn, and a few are put together in one", async () => {
  const { body, readAtSteps } = await read(80);
  expect(body.byteLength).toBe(10 * megabyte);
  for (let piece = 0; piece < 80; piece += 1) expect(body[(piece + 0.5) * pieceBytes]).toBe(piece);
  // Ten turns to read it, and three to put it together, of four megabytes each.
  expect(readAtSteps).toHaveLength(13);
  // A stream may be read one piece ahead.
  for (const [step, pieces] of readAtSteps.entries()) expect(pieces).toBeLessThanOrEqual(8 * (step + 1) + 1);
});

test("[F3] a body of no more than that waits for no turn", async () => {
  const { body, readAtSteps } = await read(4);
  expect(body.byteLength).toBe(megabyte / 2);
  expect(readAtSteps).toEqual([]);
});
