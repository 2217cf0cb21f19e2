import { expect, test } from "bun:test";
import fc from "fast-check";
import { completionOf } from "../../../support/chunks.ts";
import { findReasonFaults } from "../../../support/find-reason-faults.ts";
import { familyModels } from "../../../support/models-of-families.ts";
import { json } from "../../../support/reply.ts";
import { readFailure, startPair } from "../../../support/start-pair.ts";
import { findViolations } from "../../../support/strict-rules.ts";
import { build } from "../request/build.ts";
import { type InvalidRequest, invalidRequests } from "./invalid-request.ts";
import { validRequests } from "./valid-request.ts";

const runs = process.env["CI"] === "true" ? 500 : 200;

test.each(familyModels)(
  "[1 2] a valid request is one that a strict %s with %s takes",
  (profile, model) => {
    fc.assert(
      fc.property(validRequests, (request) => {
        // Through JSON, as it comes from a client.
        const chatRequest = build(JSON.parse(JSON.stringify(request)), { profile, model });
        expect(findViolations(chatRequest, profile)).toEqual([]);
      }),
      { numRuns: runs },
    );
  },
  60_000,
);

test("[1.1:required 5.1:form 5.2:ours] an invalid request is a 4xx in the Anthropic form, and nothing goes up", async () => {
  await using pair = await startPair();
  pair.upstream.respondWith(() => json(completionOf({ text: "hello" })));
  const refuse = async ({ request, message }: InvalidRequest) => {
    const [status, type, told] = await readFailure(await pair.post(request));
    expect([status, type, ...findReasonFaults(told)]).toEqual([400, "invalid_request_error"]);
    if (typeof message === "string") expect(told).toBe(message);
    else expect(told).toMatch(message);
  };
  await fc.assert(fc.asyncProperty(invalidRequests, refuse), { numRuns: 5 * runs });
  expect(pair.upstream.requests).toEqual([]);
  expect(pair.proxy.records.filter(({ status }) => status !== 400)).toEqual([]);
}, 60_000);
