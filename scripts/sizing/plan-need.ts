import type { DayLoad, Load } from "./day-load.ts";
import type { InstanceCosts } from "./measure-instance.ts";

/** What a day's load needs. */
export interface Need {
  /** Cores that all requests keep busy. */
  readonly hourCores: number;
  readonly secondCores: number;
  /** Developers at work in the busiest hour for each of those cores. */
  readonly developersOfCore: number;
  readonly instances: number;
  readonly streamsOfInstance: number;
  readonly mbOfInstance: number;
}

/** An instance has one core for its answers, and is planned to be so busy in the worst second. */
const busyShare = 0.6;
/** Of MAX_CONCURRENT_REQUESTS, so that the others can take those of one that is down. */
const mostStreams = 700;

/** How many instances a day needs, if an instance costs so much. */
export function planNeed({ hour, second }: DayLoad, costs: InstanceCosts): Need {
  const countCores = ({ messages, requestBytes, chunks, counts }: Load) =>
    (messages * costs.requestUs +
      (requestBytes / 1000) * costs.kilobyteUs +
      chunks * costs.chunkUs +
      counts * costs.countUs) /
    1e6;
  const [hourCores, secondCores] = [countCores(hour), countCores(second)];
  const instances = Math.ceil(Math.max(secondCores / busyShare, second.streams / mostStreams));
  const streamsOfInstance = second.streams / instances;
  return {
    hourCores,
    secondCores,
    developersOfCore: hour.developers / hourCores,
    instances,
    streamsOfInstance,
    mbOfInstance: costs.restMb + (streamsOfInstance * costs.streamKb) / 1000,
  };
}
