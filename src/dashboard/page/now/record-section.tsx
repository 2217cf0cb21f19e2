import type { NowAnswer } from "../../dashboard-api.ts";
import { formatWhole } from "../parts/format.ts";
import { toVisibleText } from "../parts/visible-text.ts";

const keptBodies = {
  off: "none (RECORD_BODIES=off)",
  errors: "of failed requests (RECORD_BODIES=errors)",
  all: "of all requests (RECORD_BODIES=all)",
} as const;

/** Where the record is, and whether it is whole. */
export function RecordSection({ record, recordBodies }: Pick<NowAnswer, "record" | "recordBodies">) {
  return (
    <section aria-labelledby="record-title">
      <h2 id="record-title">Record</h2>
      {record === null ? (
        <p>
          Nothing is recorded, so only what runs now can be shown. Set <code>RECORD=on</code> and start the
          proxy again.
        </p>
      ) : (
        <>
          {record.fault !== null && <p class="fault">{toVisibleText(record.fault)}</p>}
          <dl class="facts record-facts">
            <div>
              <dt>{record.shared === null ? "File" : "Database"}</dt>
              <dd>
                <code>{toVisibleText(record.path)}</code>
              </dd>
            </div>
            <div>
              <dt>Messages kept</dt>
              <dd>{keptBodies[recordBodies]}</dd>
            </div>
            <div>
              <dt>Not written yet</dt>
              <dd>{formatWhole(record.backlog + (record.shared?.spooled ?? 0))}</dd>
            </div>
            <div>
              <dt>Could not be written</dt>
              <dd class={record.lost > 0 ? "bad" : undefined}>
                {record.lost === 0 ? "none" : formatWhole(record.lost)}
              </dd>
            </div>
          </dl>
        </>
      )}
    </section>
  );
}
