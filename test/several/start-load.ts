import type { Fleet, Told } from "./start-fleet.ts";

/** Clients that ask again whenever they were answered. */
export interface Load {
  /** Waits until so many more have ended. */
  ended(more: number): Promise<void>;
  /** Lets those that run end; gives all that was told. */
  stop(): Promise<readonly Told[]>;
}

/** Half of the answers are streams, or all. The requests are numbered from `first` on. */
export function startLoad(
  fleet: Fleet,
  key: string,
  { clients = 24, first = 1, areStreams = false } = {},
): Load {
  const told: Told[] = [];
  let sent = 0;
  let isOver = false;
  const waiting = new Set<{ count: number; resolve(): void }>();
  const askOn = async () => {
    while (!isOver) {
      const number = first + sent;
      sent += 1;
      told.push(await fleet.ask({ number, key, isStream: areStreams || number % 2 === 0 }));
      for (const one of waiting) {
        if (told.length < one.count) continue;
        waiting.delete(one);
        one.resolve();
      }
    }
  };
  const all = Promise.all(Array.from({ length: clients }, askOn));
  return {
    ended: (more) =>
      new Promise((resolve) => {
        waiting.add({ count: told.length + more, resolve });
      }),
    async stop() {
      isOver = true;
      await all;
      return told;
    },
  };
}
