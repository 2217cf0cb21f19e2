/** Collects items that arrive within one turn of the event loop. */
export interface TurnBatch<Item> {
  add(item: Item): void;
  /** Passes on the collected items now instead of at the end of the turn. */
  flush(): void;
  /** Passes on the collected items. No item may be added after that. */
  close(): void;
}

/**
 * Collects items so that many can be written at once: with 16 requests at a time, several end in one turn.
 * @param write receives the items of a turn in their order at its end, or when the process ends for any reason except a
 * kill
 */
export function createTurnBatch<Item>(write: (items: readonly Item[]) => void): TurnBatch<Item> {
  let gathered: Item[] = [];
  let isListening = false;

  function flush(): void {
    if (gathered.length === 0) return;
    const items = gathered;
    gathered = [];
    write(items);
  }

  return {
    add(item) {
      gathered.push(item);
      if (gathered.length > 1) return;
      setImmediate(flush);
      if (isListening) return;
      isListening = true;
      // guard: flush of the log at the exit
      process.on("exit", flush);
    },
    flush,
    close() {
      flush();
      process.off("exit", flush);
    },
  };
}
