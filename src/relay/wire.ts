import type { KeptRepairs } from "../learned/model-lessons.ts";
import { createRepairMemory, type RepairMemory } from "../learned/repair-memory.ts";
import type { AnyProtocol, Protocol, Repair } from "../protocols/protocol.ts";
import type { UpstreamAnswer, UpstreamCall, UpstreamClient } from "../upstream/upstream-client.ts";

/** The part of a call that changes from one call of a wire to the next. */
export type WireCall = Omit<UpstreamCall<unknown>, "path" | "decoder">;

/** One protocol, the upstream that speaks it, and the repairs that this upstream was found to need. */
export interface Wire<Body extends object, Item, Fix extends Repair> {
  protocol: Protocol<Body, Item, Fix>;
  /** Sends one request, as `UpstreamClient` does. */
  send(call: WireCall): Promise<UpstreamAnswer<Item>>;
  repairs: RepairMemory<Body, Fix>;
}

/** Does something with a wire, whatever its types. */
export type WireUse<Result> = <Body extends object, Item, Fix extends Repair>(
  wire: Wire<Body, Item, Fix>,
) => Result;

/** A wire whose types are known only inside: it calls `use` with itself. */
export type AnyWire = <Result>(use: WireUse<Result>) => Result;

/**
 * Creates the wire to the upstream of `client`. `nowMs`: milliseconds from any origin, never decreasing. `kept`: where
 * the repairs of this wire are kept.
 */
export function createWire(
  protocol: AnyProtocol,
  client: UpstreamClient,
  nowMs: () => number,
  kept: KeptRepairs,
): AnyWire {
  return protocol((known) => {
    const { path, decoder, repairs: rules } = known;
    return closeWire({
      protocol: known,
      send: (call) => client.send({ ...call, path, decoder }),
      repairs: createRepairMemory({ rules, nowMs, kept }),
    });
  });
}

/** Hides the type parameters of a wire. */
export function closeWire<Body extends object, Item, Fix extends Repair>(
  wire: Wire<Body, Item, Fix>,
): AnyWire {
  return (use) => use(wire);
}
