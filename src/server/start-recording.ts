import { join } from "node:path";
import type { Config } from "../config/config.ts";
import type { Logger } from "../logging/logger.ts";
import { createBodyKeepers } from "../record/bodies/create-body-keepers.ts";
import { buildRecordedRequest } from "../record/build-recorded-request.ts";
import { createRecorder } from "../record/create-recorder.ts";
import { createRemoteReader } from "../record/create-remote-reader.ts";
import { selectRecordPlace } from "../record/record-place.ts";
import type { Recorder } from "../record/recorder.ts";
import type { WritePlace } from "../record/writing/write-order.ts";
import type { ExchangeObserver } from "../relay/exchange.ts";
import { createCallerSecrets } from "../relay/list-caller-secrets.ts";
import { canOpenDescriptors, spareDescriptors } from "./descriptors.ts";
import type { Observing } from "./observing.ts";

export interface RecordingOptions {
  config: Config;
  logger: Pick<Logger, "warn">;
  /** By which the instances that share a record tell each other apart. */
  instanceId: string;
  /** Values that may appear in nothing that is written. */
  secrets: readonly string[];
}

export interface Recording extends Pick<Observing, "keepBodies"> {
  readonly recorder: Recorder;
  readonly observer: ExchangeObserver;
}

/** What a request is recorded for: messages and counts, also at the end of a foreign base path. */
const recordedPath = /\/messages(?:\/count_tokens)?$/;

/** Starts the record of a server. Its file is not opened before there is something to write. */
export function startRecording({ config, logger, instanceId, secrets }: RecordingOptions): Recording {
  const createKeeper = createBodyKeepers({ mode: config.recordBodies });
  const listCallerSecrets = createCallerSecrets();
  const path = join(config.stateFolder, "record.sqlite");
  const recorder = createRecorder({
    place: selectWritePlace(config, { path, instanceId }),
    bodies: config.recordBodies,
    keepDays: config.recordDays,
    maxMegabytes: config.recordMb,
    secrets,
    warn: (message, cause) => logger.warn(message, { cause: String(cause) }),
    openReader: () => createRemoteReader(selectRecordPlace(config.record, path)),
    mayStart: () => canOpenDescriptors(spareDescriptors),
  });
  return {
    recorder,
    keepBodies: (request, path) =>
      isRecorded(request.method, path) ? createKeeper(listCallerSecrets(request)) : null,
    observer: {
      end({ record, trace }) {
        if (!isRecorded(record.method, record.path)) return;
        const { bodies, charges } = trace;
        const request = buildRecordedRequest(record, trace);
        recorder.add(request, bodies?.take() ?? [], bodies?.secrets ?? [], charges);
      },
    },
  };
}

function selectWritePlace(
  { record, stateFolder }: Config,
  { path, instanceId }: { path: string; instanceId: string },
): WritePlace {
  const place = selectRecordPlace(record, path);
  if (place.kind === "file") return place;
  return { ...place, spoolFolder: join(stateFolder, "spool"), instance: instanceId };
}

function isRecorded(method: string, path: string): boolean {
  return method === "POST" && recordedPath.test(path);
}
