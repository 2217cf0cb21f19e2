import { expect, test } from "bun:test";
import { checkLoosely, checkMessagesRequest, requestFault } from "../../src/anthropic/check-request.ts";

test("a request that only its upstream understands passes, uncopied", async () => {
  const body = { model: "m", messages: [{ role: "judge", content: 7 }], tools: "all", max_tokens: "many" };
  expect((await checkMessagesRequest(body)).success).toBe(false);
  const checked = await checkLoosely(body);
  expect(checked.data).toBe(body);
});

test.each([
  [null, "body: Invalid input: expected object, received null"],
  [{ messages: [] }, "model: Field required"],
  [{ model: "", messages: [] }, "model: Too small: expected string to have >=1 characters"],
  [{ model: 7 }, "model: Invalid input: expected string, received number; messages: Field required"],
  [{ model: "m", messages: {} }, "messages: Invalid input: expected array, received object"],
])("without what routing needs it is refused: %j", async (body, told) => {
  const checked = await checkLoosely(body);
  expect(checked.success ? null : requestFault(checked.error).message).toBe(told);
});
