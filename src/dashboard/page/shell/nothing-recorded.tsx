import { now } from "./record-state.ts";

/** What stands where there is nothing to show: that there was nothing, or that nobody wrote it down. */
export function NothingRecorded({ what }: { readonly what: string }) {
  return now.value !== null && now.value.record === null ? (
    <p>
      Nothing is recorded (<code>RECORD=off</code>). Set <code>RECORD=on</code> and start the proxy again to
      see here what happened.
    </p>
  ) : (
    <p>{what}</p>
  );
}
