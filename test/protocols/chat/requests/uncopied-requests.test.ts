import { expect, test } from "bun:test";
import fc from "fast-check";
import { ApiError } from "../../../../src/anthropic/api-error.ts";
import { checkMessagesRequest } from "../../../../src/anthropic/check-request.ts";
import { type MessagesRequest, messagesRequestSchema } from "../../../../src/anthropic/messages-request.ts";
import { selectProfile } from "../../../../src/profiles/select-profile.ts";
import { type FamilyModel, familyModels } from "../../../support/models-of-families.ts";
import { translateRequest } from "../../../support/translate-request.ts";
import { history } from "../request/arbitrary-history.ts";
import { validRequests } from "./valid-request.ts";

const runs = process.env["CI"] === "true" ? 1_500 : 500;

const upstreams = fc.constantFrom(...familyModels);

/** Half of them with a conversation in which everything is to be mended. */
const requests = fc
  .tuple(validRequests, fc.option(history))
  .map(([request, messages]) => (messages === null ? request : { ...request, messages }));

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  Object.freeze(value);
  Object.values(value).forEach(freeze);
}

/** What goes up, as a text, or why nothing does. */
function tell(request: MessagesRequest, [setting, model]: FamilyModel): string {
  const profile = selectProfile({ setting, baseUrl: "https://upstream.test/v1", model });
  try {
    const { body, ...rest } = translateRequest(request, { model, profile, maxOutputTokens: 64_000 });
    return JSON.stringify([body, rest.dropped, rest.mended]);
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
}

test("[1 1.4] a request that is not copied gives the same bytes as its copy, again and again, and stays as it is", async () => {
  await fc.assert(
    fc.asyncProperty(requests, upstreams, async (request, upstream) => {
      const body: unknown = JSON.parse(JSON.stringify(request));
      const copied = messagesRequestSchema.safeParse(body);
      const checked = await checkMessagesRequest(body);
      expect(checked.success).toBe(copied.success);
      if (!checked.success || !copied.success) return;
      freeze(checked.data);
      const told = tell(checked.data, upstream);
      expect(told).toBe(tell(copied.data, upstream));
      expect(tell(checked.data, upstream)).toBe(told);
    }),
    { numRuns: runs },
  );
}, 60_000);
