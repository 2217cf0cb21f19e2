import { expect, test } from "bun:test";
import type { Reply } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import type { Wire } from "../support/wires.ts";
import type { Outcome } from "./answer.ts";
import { checkInvariants, type InvariantOptions } from "./invariants.ts";
import { openStage, type Stage, type StageOptions } from "./stage.ts";

export interface FaultTestOptions extends StageOptions, InvariantOptions {
  timeLimitMs?: number;
  /** The test mostly waits: it runs beside the others of its kind. */
  waits?: boolean;
}

/**
 * Registers a test of one row of the fault matrix: `play` brings the fault about and checks what the client is told;
 * afterwards the invariants of every row are checked.
 */
export function faultTest(
  name: string,
  play: (stage: Stage) => Promise<void>,
  options: FaultTestOptions = {},
): void {
  const { timeLimitMs = 20_000, waits = false, ...stageOptions } = options;
  const register = waits ? test.concurrent : test;
  register(name, () => playFault(play, stageOptions), timeLimitMs);
}

/** The same inside of a test that has to make something ready first. */
export async function playFault(
  play: (stage: Stage) => Promise<void>,
  { hasEnded = false, mostSends, ...options }: StageOptions & InvariantOptions,
): Promise<void> {
  const stage = await openStage(options);
  try {
    await play(stage);
    await checkInvariants(stage, { hasEnded, mostSends });
  } finally {
    await stage.close();
  }
}

/** A fault, and what the client is told of it when it asked for a stream, and when it asked for a whole answer. */
export type FaultCase = [name: string, reply: Reply, streamed: Outcome, whole: Outcome];

/** One test for each case, with an upstream that is asked on this wire. */
export function faultTests(wire: Wire, cases: readonly FaultCase[]): void {
  for (const [name, reply, streamed, whole] of cases) {
    const play = async (stage: Stage) => {
      stage.upstream.respondWith(() => reply);
      expect((await stage.ask({ ...hello, stream: true })).outcome).toEqual(streamed);
      expect((await stage.ask(hello)).outcome).toEqual(whole);
    };
    faultTest(name, play, { wire });
  }
}
