import type { JsonObject } from "../json/json-value.ts";
import type { ProfileId } from "../profiles/profile-ids.ts";
import type { ProtocolId } from "../profiles/protocol-id.ts";

/** Where one upstream is, and how it is called. */
export interface UpstreamSettings {
  /** Its name in the configuration file; `upstream` for the only one of the simple case. */
  readonly name: string;
  /** Without a trailing slash and without the path of a wire; may have a query, which is kept. */
  readonly baseUrl: string;
  /** The wire to ask on; `auto` leaves the choice to the address, the model and what was learned. */
  readonly protocol: ProtocolId | "auto";
  /** The wire that the address named by its path; null if it named none. */
  readonly addressProtocol: ProtocolId | null;
  /** The family's dialect; `auto` picks it by the host. */
  readonly profile: ProfileId | "auto";
  /** The keys, none of them empty: with several, a pool. */
  readonly keys: readonly string[];
  /** The client's own credential is passed on instead of a key of ours. */
  readonly passesClientKey: boolean;
  /** Added to each request, over headers of ours with the same name; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Merged into the top level of each request's body; null removes a field. */
  readonly body: JsonObject;
  /** How long a connection may take; null for the usual time. */
  readonly connectSeconds: number | null;
  /** From sending a request to the first byte of its answer; null: no limit. */
  readonly firstByteSeconds: number | null;
  /** Between two pieces of an answer; null: no limit. */
  readonly idleSeconds: number | null;
  /** Those of the two limits on silence that nobody has set. */
  readonly usualLimits: { readonly firstByte: boolean; readonly idle: boolean };
  /** The most requests that run at the same time; null for no limit. */
  readonly concurrency: number | null;
  /** The HTTP proxy of this upstream, which may contain a password; null for that of the environment, if any. */
  readonly httpProxy: string | null;
  /** Certificates of signers, in PEM, that are trusted here besides those of the system; null for none. */
  readonly ca: string | null;
  /** Long model ids by their short names. */
  readonly models: ReadonlyMap<string, string>;
}
