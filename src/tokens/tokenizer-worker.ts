import type { TokenizerJob } from "./tokenizer.ts";

/**
 * The tokenizer's thread: a second entry point of the compiled program. It reports that it runs before it loads the
 * table, which takes a quarter of a second: the serving thread waits for that message.
 */
declare const self: Worker;

const early: (TokenizerJob | string)[] = [];

self.onmessage = ({ data }: MessageEvent<SharedArrayBuffer | TokenizerJob | string>) => {
  if (data instanceof SharedArrayBuffer) sayThatItRuns(new Int32Array(data));
  else early.push(data);
};

function sayThatItRuns(flag: Int32Array): void {
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
}

void import("./run-tokenizer-jobs.ts").then(({ createJobRunner }) => {
  const take = createJobRunner((result) => self.postMessage(result));
  for (const message of early) take(message);
  self.onmessage = ({ data }: MessageEvent<TokenizerJob | string>) => take(data);
});
