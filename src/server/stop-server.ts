import type { Team } from "../team/team.ts";
import type { Admission } from "./admission.ts";
import type { LateRelays } from "./late-relays.ts";
import type { Observing } from "./observing.ts";

/** How long the phases of a stop last. */
export interface StopTimes {
  /** How long requests are still welcome, while the server already says that it will stop. */
  drainDelayMs: number;
  /** How long running requests may then take to finish. */
  drainMs: number;
  /** How long a client may take to read its error event before the connection is cut. */
  lastWordMs: number;
}

export const defaultTimes: Readonly<StopTimes> = { drainDelayMs: 0, drainMs: 30_000, lastWordMs: 2_000 };

/** How long a server that ends at once waits for what was learned to be written. */
const lastWriteMs = 500;
/** How often a stopping server checks whether an answer is still running. */
const stopCheckMs = 50;

interface StoppableParts {
  server: Pick<Bun.Server<undefined>, "stop" | "pendingRequests">;
  admission: Pick<Admission, "announceClose" | "close">;
  collector: { close(): void };
  relays: Pick<LateRelays, "giveUpCalls" | "close" | "waitForLastCall">;
  observing: Observing;
  /** Null without a shared record. */
  team: Pick<Team, "close"> | null;
}

/**
 * Creates the two ways in which a server stops.
 * @returns `stop`, which lets requests finish, and `stopNow`, which also cuts a `stop` short
 */
export function createStops(
  { server, admission, collector, relays, observing, team }: StoppableParts,
  { drainDelayMs, drainMs, lastWordMs }: StopTimes,
): { stop(): Promise<void>; stopNow(): Promise<void> } {
  const hurried = Promise.withResolvers<"hurried">();
  const cut = () => void server.stop(true);
  return {
    async stop() {
      admission.announceClose();
      if (drainDelayMs === 0) admission.close();
      else if ((await Promise.race([Bun.sleep(drainDelayMs), hurried.promise])) === "hurried") return;
      collector.close();
      const giveUp = () => {
        // Whose body arrives after the delay was sent here by a balancer, which may send it nowhere else.
        admission.close();
        relays.giveUpCalls();
      };
      const timers = [
        setTimeout(giveUp, drainMs),
        setTimeout(cut, drainMs + lastWordMs),
        // Bun counts a request until the last byte of its answer was sent. A connection may then still hold half a
        // request head, and Bun would wait for it until the idle timeout.
        setInterval(() => {
          if (server.pendingRequests === 0) cut();
        }, stopCheckMs),
      ];
      await server.stop();
      for (const timer of timers) clearTimeout(timer);
      await Promise.all([relays.close(), endObserving(observing), team?.close()]);
    },
    async stopNow() {
      hurried.resolve("hurried");
      admission.close();
      collector.close();
      // Bun does not notify the requests whose connections it closes here.
      relays.giveUpCalls();
      cut();
      const saved = relays.close();
      await relays.waitForLastCall();
      await Promise.race([
        Promise.all([saved, endObserving(observing), team?.close()]),
        Bun.sleep(2 * lastWriteMs),
      ]);
    },
  };
}

/** Requests that were cut off still end, in a moment: they are recorded as well. */
async function endObserving(observing: Observing): Promise<void> {
  await Promise.race([observing.running.whenIdle(), Bun.sleep(lastWriteMs)]);
  await observing.close();
}
