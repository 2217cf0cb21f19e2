import type { BenchContext } from "./bench-context.ts";
import { measureCounting } from "./counting.ts";
import type { Figure } from "./figure.ts";
import { measureGrowth } from "./growth.ts";
import { measureOpenStreams } from "./open-streams.ts";
import { measureStartAndMemory } from "./start-and-memory.ts";
import { measureStreams } from "./streams.ts";
import { measureUnreadStream } from "./unread-stream.ts";
import { measureWholeRequests } from "./whole-requests.ts";

/** Figures that are measured together. */
export interface FigureGroup {
  name: string;
  measure: (context: BenchContext) => Promise<Figure[]>;
}

/** All that the bench measures, in the order of its table. */
export const figureGroups: readonly FigureGroup[] = [
  { name: "requests", measure: measureWholeRequests },
  { name: "streams", measure: measureStreams },
  { name: "open-streams", measure: measureOpenStreams },
  { name: "start", measure: measureStartAndMemory },
  { name: "counting", measure: measureCounting },
  { name: "unread", measure: measureUnreadStream },
  { name: "growth", measure: measureGrowth },
];
