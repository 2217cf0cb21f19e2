import type { FileConfig } from "../../config/file-config.ts";
import { describeFile } from "../../routing/describe-file.ts";
import type { ConfigState } from "../config-state.ts";

/**
 * What the status says of a configuration file.
 * @param state null if nobody keeps it
 */
export function describeFileStatus(file: FileConfig, state: ConfigState | null) {
  return {
    ...describeFile(file),
    config: {
      path: file.path,
      loaded_at: state?.loadedAt ?? null,
      problem: state?.problem ?? null,
      waiting_for_start: state?.waiting ?? [],
    },
  };
}
