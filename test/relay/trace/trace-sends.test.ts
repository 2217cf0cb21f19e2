import { expect, test } from "bun:test";
import { createBodyKeepers } from "../../../src/record/bodies/create-body-keepers.ts";
import { createExchange } from "../../../src/relay/exchange.ts";
import { traceSends } from "../../../src/relay/trace/trace-sends.ts";

const sends = 10;
const place = { upstream: "one", model: "m", keyNumber: null, settings: { headers: {} }, key: null };
const url = new URL("https://upstream.example/v1/chat/completions");

test("of a request that was too long, what is kept does not hold the whole", async () => {
  const keeper = createBodyKeepers({ mode: "all" })();
  const exchange = createExchange(new Request("http://127.0.0.1/v1/messages", { method: "POST" }), {
    requestId: "req_1",
    now: () => new Date(),
    logger: { request: () => {}, error: () => {} },
    bodies: keeper,
  });
  const watch = traceSends(exchange, place);
  const whole: WeakRef<Uint8Array>[] = [];
  for (let send = 0; send < sends; send += 1) {
    const body = new Uint8Array(2 * 1024 * 1024);
    whole.push(new WeakRef(body));
    watch.begin({ url, headers: { accept: "*/*" }, body });
  }
  const bodies = keeper.take();
  // What was made in the turn that runs is held by it.
  await Bun.sleep(0);
  Bun.gc(true);
  // The last one is kept whole, for the comparison; another may still lie on the stack.
  expect(whole.filter((body) => body.deref() !== undefined).length).toBeLessThan(sends / 2);
  expect(bodies.map(({ head }) => head)).toEqual(
    Array.from({ length: sends }, () => ({ url: url.href, headers: { accept: "*/*" } })),
  );
});
