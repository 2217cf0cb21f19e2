import type { RecorderState, SharedRecordState } from "../../../record/recorder.ts";
import { isNumber, isText, nullable, objectOf } from "./check.ts";

/** Whether it says how it stands with the record. */
export const isRecorderState = objectOf<RecorderState>({
  path: isText,
  backlog: isNumber,
  lost: isNumber,
  fault: nullable(isText),
  shared: nullable(objectOf<SharedRecordState>({ spooled: isNumber, awaySinceMs: nullable(isNumber) })),
});
