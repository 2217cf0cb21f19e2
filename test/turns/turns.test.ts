import { expect, test } from "bun:test";
import { createTurns } from "../../src/turns/turns.ts";

test("[F3] steps of large requests run one behind the other, each in a turn of its own", async () => {
  const takeTurn = createTurns();
  const said: string[] = [];
  const ticks = setInterval(() => said.push("tick"), 0);
  const steps = ["a", "b", "c"].map((name) =>
    takeTurn(() => {
      said.push(name);
      // As long as a heavy step takes.
      for (const end = performance.now() + 20; performance.now() < end; );
      return name;
    }),
  );
  expect(await Promise.all(steps)).toEqual(["a", "b", "c"]);
  clearInterval(ticks);
  expect(said.filter((word) => word !== "tick")).toEqual(["a", "b", "c"]);
  const [first, second] = [said.indexOf("a"), said.indexOf("b")];
  expect(said.slice(first, second)).toContain("tick");
});

test("[F3] a step that throws tells who asked for it, and no other", async () => {
  const takeTurn = createTurns();
  const failing = takeTurn(() => {
    throw new Error("this step");
  });
  const next = takeTurn(() => "the next");
  expect(failing).rejects.toThrow("this step");
  expect(await next).toBe("the next");
});
