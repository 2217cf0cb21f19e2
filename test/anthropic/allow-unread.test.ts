import { expect, test } from "bun:test";
import { allowUnread, checkMessagesRequest, requestFault } from "../../src/anthropic/check-request.ts";
import { UnreadRequest } from "../../src/anthropic/unread-request.ts";

const check = allowUnread(checkMessagesRequest);

test("a request that only its upstream understands passes, uncopied, with what we find wrong", async () => {
  const body = { model: "m", messages: [{ role: "judge", content: 7 }], tools: "all", max_tokens: "many" };
  const { data } = await check(body);
  if (!(data instanceof UnreadRequest)) throw new Error("it was read");
  expect(data.body).toBe(body);
  expect(data.fault.message).toContain("max_tokens: Invalid input: expected number, received string");
});

test("a request that we understand is read", async () => {
  const body = { model: "m", messages: [{ role: "user", content: "hi" }], max_tokens: 9 };
  const { data } = await check(body);
  expect<unknown>(data).toBe(body);
});

test.each([
  [null, "body: Invalid input: expected object, received null"],
  [{ messages: [], max_tokens: 9 }, "model: Field required"],
  [{ model: "", messages: [], max_tokens: 9 }, "model: Too small: expected string to have >=1 characters"],
  [{ model: "m", messages: {}, max_tokens: 9 }, "messages: Invalid input: expected array, received object"],
])("without what routing needs it is refused: %j", async (body, told) => {
  const checked = await check(body);
  expect(checked.success ? null : requestFault(checked.error).message).toStartWith(told);
});
