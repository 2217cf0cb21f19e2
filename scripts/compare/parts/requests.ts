import fc from "fast-check";
import { requestShapes } from "../../../test/laws/request-shapes.ts";
import { invalidRequests } from "../../../test/protocols/chat/requests/invalid-request.ts";
import { validRequests } from "../../../test/protocols/chat/requests/valid-request.ts";
import { hello } from "../../../test/support/start-pair.ts";
import { objectOf } from "../../../test/support/strict/json.ts";
import type { Exchange } from "../exchange.ts";
import { clientModelFor, type Lane, lanes, modelsOf } from "../lane.ts";
import { countBody, type NamedBody, playBody, playOneWay } from "../play-body.ts";
import { listCountedBodies, listImageBodies, listJsonBodies, listNaughtyBodies } from "./fixed-bodies.ts";

/** Of each kind of generated request and lane. */
const generatedCount = 40;
/** Small ones, and one that is built in parts because it is large. */
const smallSize = 7;
const largeSize = 20_000;
const largeBytes = 512 * 1024;
const mostBytes = 4 * 1024 * 1024;

/** Every kind of messages request that the tests know, counted, streamed and whole. */
export function* listRequests(lane: Lane): Generator<Exchange> {
  for (const named of listBodies(lane)) yield* playBody(named);
  for (const [index, named] of listGenerated(lane).entries()) {
    yield countBody(named);
    yield playOneWay(named, index % 2 === 0);
  }
}

function* listBodies(lane: Lane): Generator<NamedBody> {
  const models = modelsOf(lane).map((model) => clientModelFor(lane, model) ?? "x");
  let turn = 0;
  for (const { name, body } of [
    ...listShapes(lane),
    ...listImageBodies(),
    ...listNaughtyBodies(),
    // JSON is parsed before anything depends on the upstream, and counting does not depend on it.
    ...(lane === lanes[0] ? [...listJsonBodies(), ...listCountedBodies()] : []),
  ]) {
    if (typeof body === "string") {
      yield { name, body };
      continue;
    }
    // Each model of the lane in its turn; what generators have put there instead of a model stays.
    const model = models[turn % models.length];
    turn += 1;
    yield { name, body: objectOf(body)["model"] === hello.model ? { ...body, model } : body };
  }
}

function listShapes(lane: Lane): NamedBody[] {
  return requestShapes.flatMap(({ name, targets = [], fields, largestSize = largeSize }, index) => {
    const small = { name, body: { ...hello, ...fields(smallSize) } };
    const aimed = targets.flatMap(({ profile, model }) => {
      const asked = profile === lane.profile ? clientModelFor(lane, model) : null;
      const body = { ...hello, model: asked, ...fields(smallSize + 1) };
      return asked === null ? [] : [{ name: `${name}, to ${model}`, body }];
    });
    return [small, ...aimed, ...listLarge(lane, index, { name, fields, largestSize })];
  });
}

/** Each shape in one lane, and those that are not slow because of their size. */
function listLarge(
  lane: Lane,
  index: number,
  shape: { name: string; fields: (size: number) => object; largestSize: number },
): NamedBody[] {
  if (lanes[index % lanes.length] !== lane) return [];
  const body = JSON.stringify({
    ...hello,
    stream: true,
    ...shape.fields(Math.min(largeSize, shape.largestSize)),
  });
  const isLarge = body.length > largeBytes && body.length < mostBytes;
  return isLarge ? [{ name: `${shape.name}, large`, body }] : [];
}

/** Valid requests, valid ones with a fault, and such with anything in one or two of their members; others in each lane. */
function listGenerated(lane: Lane): NamedBody[] {
  const seed = 1 + lanes.indexOf(lane);
  const hostileRequests = fc
    .tuple(
      validRequests,
      fc.dictionary(fc.constantFrom(...memberNames), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 2 }),
    )
    .map(([request, members]) => ({ ...request, ...members }));
  const kinds = { valid: validRequests, invalid: invalidRequests, hostile: hostileRequests };
  return Object.entries(kinds).flatMap(([kind, requests]) => {
    const some: object[] = fc.sample(requests, { numRuns: generatedCount, seed });
    return some.map((body, index) => ({ name: `${kind} ${index}`, body }));
  });
}

const memberNames = [
  ...[
    "model",
    "max_tokens",
    "messages",
    "system",
    "temperature",
    "top_p",
    "top_k",
    "stop_sequences",
    "tools",
  ],
  ...["tool_choice", "thinking", "output_config", "metadata", "context_management", "service_tier", "speed"],
];
