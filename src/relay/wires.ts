import type { UpstreamLessons } from "../learned/learned-store.ts";
import type { ProtocolId } from "../profiles/protocol-id.ts";
import type { UpstreamClient } from "../upstream/upstream-client.ts";
import type { ProtocolLoaders } from "./select-protocol.ts";
import { type AnyWire, createWire, type WireUse } from "./wire.ts";

/** The wires to one upstream. The code of each is loaded when it is first needed. */
export interface Wires {
  /** Loads these wires, so that no request on them has to wait for it. */
  load(ids: readonly ProtocolId[]): Promise<void>;
  /** Calls `use` with a wire: at once if it is loaded. */
  use<Result>(id: ProtocolId, use: WireUse<Result>): Result | Promise<Awaited<Result>>;
}

/**
 * Creates the wires to the upstream of `client`. `nowMs`: milliseconds from any origin, never decreasing. `lessons`: what
 * was learned of this upstream.
 */
export function createWires(
  loaders: ProtocolLoaders,
  client: UpstreamClient,
  nowMs: () => number,
  lessons: UpstreamLessons,
): Wires {
  const loaded = new Map<ProtocolId, AnyWire>();
  const loading = new Map<ProtocolId, Promise<AnyWire>>();

  const load = async (id: ProtocolId): Promise<AnyWire> => {
    const loader = loaders[id];
    if (loader === undefined) throw new Error(`there is no wire ${id}`);
    const wire = createWire(await loader(), client, nowMs, { lessons, kind: `${id}-repair` });
    loaded.set(id, wire);
    return wire;
  };
  const get = (id: ProtocolId): Promise<AnyWire> => {
    // Two of one wire would each learn for themselves.
    const begun = loading.get(id) ?? load(id);
    loading.set(id, begun);
    return begun;
  };

  return {
    async load(ids) {
      await Promise.all(ids.map(get));
    },
    use(id, use) {
      const wire = loaded.get(id);
      return wire === undefined ? useLater(get(id), use) : wire(use);
    },
  };
}

async function useLater<Result>(wire: Promise<AnyWire>, use: WireUse<Result>): Promise<Awaited<Result>> {
  return await (await wire)(use);
}
