import type { ProfileId } from "../../profiles/profile-ids.ts";
import type { ProtocolId } from "../../profiles/protocol-id.ts";
import type { ProtocolBasis } from "../../routing/route.ts";

/** What `claude-proxy route --json` prints: members may be added, but none changes its meaning. */
export interface RouteReport {
  /** The id asked for, as it came. */
  readonly model: string;
  /** The configuration file; null if the settings alone decide. */
  readonly file: string | null;
  /** What cases ask of the request; null if only a model was given. */
  readonly facts: ReportedFacts | null;
  /** Each rule that was looked at, in order. If the last one matches, it has won. */
  readonly rules: readonly ReportedRule[];
  /** In the order of going on. */
  readonly targets: readonly ReportedTarget[];
  /** Why the request goes nowhere; null if it goes somewhere. */
  readonly error: string | null;
}

export interface ReportedFacts {
  readonly kind: string;
  readonly tier: string | null;
  readonly agent: boolean;
  readonly agentType: string | null;
  readonly images: boolean;
  readonly pdf: boolean;
  readonly thinking: boolean;
  readonly tools: boolean;
  /** Estimated tokens of the prompt. */
  readonly tokens: number;
  readonly client: string | null;
}

export interface ReportedRule {
  readonly rule: string;
  /** Its line in the configuration file, from 1; null for what stands in none. */
  readonly line: number | null;
  readonly matches: boolean;
  readonly reason: string;
}

export interface ReportedTarget {
  readonly upstream: string;
  /** The id that the upstream is asked for. */
  readonly model: string;
  /** Host and port of the upstream. */
  readonly host: string;
  readonly protocol: ProtocolId;
  readonly protocolBasis: ProtocolBasis;
  readonly profile: ProfileId;
  /** The model's window in tokens, as far as it is known here; else null. */
  readonly window: number | null;
  /** False if the client may not use it. */
  readonly allowed: boolean;
  /** What becomes of the request; null if only a model was given. */
  readonly changes: RequestChanges | null;
}

export interface RequestChanges {
  /** The request is passed on byte for byte, but for the name of the model and what stands below. */
  readonly passedOn: boolean;
  /** Fields that are left out. */
  readonly dropped: readonly string[];
  /** What is changed in the conversation. */
  readonly mended: readonly string[];
  /** Fields that `body` of the upstream sets or removes, by their names. */
  readonly fromFile: readonly string[];
  /** Why the proxy refuses to send it; null if it sends it. */
  readonly refused: string | null;
}
