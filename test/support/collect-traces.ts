import type { RequestRecord } from "../../src/logging/request-record.ts";
import type { KeptBody } from "../../src/record/bodies/body-keeper.ts";
import { createBodyKeepers } from "../../src/record/bodies/create-body-keepers.ts";
import type { RequestTrace } from "../../src/record/request-trace.ts";
import type { ExchangeObserver } from "../../src/relay/exchange.ts";
import type { Reply } from "./reply.ts";

/** A request that has ended, with the messages that were kept of it. */
export interface TracedRequest {
  record: RequestRecord;
  trace: RequestTrace;
  bodies: KeptBody[];
}

/** Watches a server: `startPair({ watching: traces.watching })`. */
export function collectTraces() {
  const traced: TracedRequest[] = [];
  const waiting: { index: number; resolve: (request: TracedRequest) => void }[] = [];
  const observer: ExchangeObserver = {
    end({ record, trace }) {
      const request = { record, trace, bodies: trace.bodies?.take() ?? [] };
      traced.push(request);
      for (const { index, resolve } of waiting) if (traced.length === index + 1) resolve(request);
    },
  };
  const create = createBodyKeepers({ mode: "all" });
  return {
    watching: { observers: [observer], keepBodies: () => create() },
    /** The request with this index, as soon as it has ended. */
    ended(index: number): Promise<TracedRequest> {
      const present = traced[index];
      if (present !== undefined) return Promise.resolve(present);
      return new Promise((resolve) => waiting.push({ index, resolve }));
    },
  };
}

/** The kept messages by their names and sends, as texts. */
export function textsOf(bodies: readonly KeptBody[]): Record<string, string> {
  return Object.fromEntries(
    bodies.map(({ name, send, pieces }) => {
      const text = Buffer.concat(pieces.map((piece) => Buffer.from(piece))).toString();
      return [send === 0 ? name : `${name} ${send}`, text];
    }),
  );
}

/** All that a scripted answer sends as its body. */
export function textOfReply({ body }: Reply): string {
  const pieces = [...body].flatMap((step) => (step instanceof Uint8Array ? [step] : []));
  return Buffer.concat(pieces).toString();
}
