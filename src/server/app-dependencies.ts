import type { Logger } from "../logging/logger.ts";
import type { TargetHealth } from "../relay/failover/describe-health.ts";
import type { TeamState } from "../team/team.ts";
import type { StepRunner } from "../turns/run-steps.ts";
import type { Admission } from "./admission.ts";
import type { RequestLimits } from "./clients/request-limits.ts";
import type { ConfigState } from "./config-state.ts";
import type { StreamPace } from "./event-stream-response.ts";
import type { Observing } from "./observing.ts";
import type { RequestHistory } from "./request-history.ts";
import type { Setup } from "./setup.ts";
import type { UploadLimits } from "./upload-limits.ts";

/** Everything the routes need; nothing in the server is global. */
export interface AppDependencies {
  /** What is in force now. */
  setup: () => Setup;
  logger: Logger;
  history: RequestHistory;
  /** Who looks at requests from the side. */
  observing: Observing;
  /** How it stands with what several instances share; null without a shared record. */
  describeTeam: () => TeamState | null;
  /** How targets and keys are. */
  describeHealth: () => TargetHealth[];
  version: string;
  pace: StreamPace;
  uploads: UploadLimits;
  /** The names by which this server may be called: values of `Host`. */
  hosts: ReadonlySet<string>;
  admission: Admission;
  /** Null without a configuration file. */
  configState: ConfigState | null;
  /** Null if no client can have a limit, as without a configuration file. */
  requestLimits: RequestLimits | null;
  /** Runs the steps of large requests, one in each turn of the event loop. */
  takeTurn: StepRunner;
  now: () => Date;
  newId: (prefix: string) => string;
}
