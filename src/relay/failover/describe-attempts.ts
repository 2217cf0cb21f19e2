import type { Attempt } from "../../logging/request-record.ts";
import { cleanErrorText } from "../../translate/failures/clean-error-text.ts";
import type { LeftOut } from "./target-queue.ts";

/** In a few words why a target was not asked. */
export function describeLeftOut({ why }: LeftOut): string {
  switch (why) {
    case "passed-over":
      return "passed over";
    case "full":
      return "at its limit of requests";
    case "no-key":
      return "all keys refused lately";
  }
}

/** In characters; a list of four attempts is far shorter, unless a client chose long names. */
const longestSentence = 600;

/** What was tried, as the last sentence of an error: `Tried deepseek/x (429), openrouter/y (timed out).` */
export function tellTried(tried: readonly Attempt[]): string {
  const told = tried.map(({ upstream, model, key, status, error }) => {
    const name = `${upstream}/${model}${key === null ? "" : ` with key ${key}`}`;
    return `${name} (${error ?? status ?? "no answer"})`;
  });
  return cleanErrorText(`Tried ${told.join(", ")}.`, longestSentence);
}
