import { expect, test } from "bun:test";
import { createMovedConversations } from "../../../src/relay/failover/moved-conversations.ts";
import { createClock } from "./clock.ts";

function start() {
  const clock = createClock();
  return { clock, moved: createMovedConversations(clock.nowMs) };
}

test("a conversation that moved stays for ten minutes from then, however often it asks", () => {
  const { clock, moved } = start();
  moved.note("s", "a/x", "b/y");
  clock.pass(599_999);
  moved.note("s", "a/x", "b/y");
  expect(moved.find("s", "a/x")).toBe("b/y");
  clock.pass(1);
  expect(moved.find("s", "a/x")).toBe(null);
});

test("its time begins again where it moves on", () => {
  const { clock, moved } = start();
  moved.note("s", "a/x", "b/y");
  clock.pass(599_999);
  moved.note("s", "a/x", "c/z");
  clock.pass(599_999);
  expect(moved.find("s", "a/x")).toBe("c/z");
});

test("neither other conversations move, nor what it asks at other targets, nor requests of none", () => {
  const { moved } = start();
  moved.note("s", "a/x", "b/y");
  moved.note(null, "a/x", "b/y");
  expect([moved.find("t", "a/x"), moved.find("s", "a/small"), moved.find(null, "a/x")]).toEqual([
    null,
    null,
    null,
  ]);
});

test("it can be sent home", () => {
  const { moved } = start();
  moved.note("s", "a/x", "b/y");
  moved.note("t", "a/x", "b/y");
  moved.forget("s", "a/x");
  expect([moved.find("s", "a/x"), moved.find("t", "a/x")]).toEqual([null, "b/y"]);
});
