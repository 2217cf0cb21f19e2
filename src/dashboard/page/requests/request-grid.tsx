import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { ListedRequest } from "../../../record/record-reader.ts";
import { goTo } from "../shell/current-route.ts";
import { useKeys } from "../shell/keys.ts";
import { formatRoute } from "../shell/route.ts";
import { columns } from "./columns.tsx";
import { isFailed } from "./describe-request.ts";
import { chosenId, hasMore, isAtTop, keptScroll, loadOlder, showWaiting } from "./request-list.ts";
import { type Rows, useRows } from "./use-rows.ts";

/** The list itself: only the rows in sight are in the page, however many there are. */
export function RequestGrid({ requests }: { requests: readonly ListedRequest[] }) {
  const box = useRef<HTMLDivElement>(null);
  const rows = useRows(box, requests.length, keptScroll.top);
  useGridKeys(requests, rows, box);
  useSignalEffect(() => {
    if (isAtTop.value) showWaiting();
  });
  // Whoever comes back from an exchange goes on where he was; rows are there only once the box is measured.
  const hasRows = rows.shown.length > 0;
  useEffect(() => {
    const chosen = chosenId.peek();
    const row = chosen === null || !hasRows ? null : findRow(box.current, chosen);
    if (!isTyping()) row?.focus({ preventScroll: true });
  }, [hasRows]);
  const first = requests[0]?.requestId ?? null;
  const isChosenThere = requests.some(({ requestId }) => requestId === chosenId.value);
  const focusable = isChosenThere ? chosenId.value : first;
  return (
    <div
      class="grid"
      role="grid"
      aria-label="Requests"
      aria-rowcount={hasMore.value ? -1 : requests.length + 1}
    >
      <Titles />
      <div
        role="rowgroup"
        class="grid-body"
        ref={box}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          keptScroll.top = scrollTop;
          isAtTop.value = scrollTop < 4;
          if (scrollHeight - scrollTop - clientHeight < clientHeight * 2) void loadOlder();
        }}
      >
        <div role="presentation" style={{ height: `${rows.totalHeight}px` }} />
        {rows.shown.map(({ index, start }) => {
          const request = requests[index];
          return request === undefined ? null : (
            <Row
              key={request.seq}
              request={request}
              index={index}
              start={start}
              height={rows.rowHeight}
              isFocusable={request.requestId === focusable}
            />
          );
        })}
      </div>
    </div>
  );
}

function Titles() {
  return (
    <div role="rowgroup" class="grid-head">
      <div role="row" aria-rowindex={1} class="grid-row">
        {columns.map(({ name, title }) => (
          <div role="columnheader" key={name} class={`cell ${name}`}>
            {title}
          </div>
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  readonly request: ListedRequest;
  readonly index: number;
  readonly start: number;
  readonly height: number;
  readonly isFocusable: boolean;
}

function Row({ request, index, start, height, isFocusable }: RowProps) {
  const { requestId } = request;
  const address = formatRoute({ view: "requests", id: requestId });
  return (
    <div
      role="row"
      class={isFailed(request) ? "grid-row entry failed" : "grid-row entry"}
      aria-rowindex={index + 2}
      aria-selected={requestId === chosenId.value}
      tabIndex={isFocusable ? 0 : -1}
      data-id={requestId}
      style={{ transform: `translateY(${start}px)`, height: `${height}px` }}
      onFocus={() => {
        chosenId.value = requestId;
      }}
      onClick={(event) => {
        if (!event.defaultPrevented && !event.ctrlKey && !event.metaKey) goTo(address);
      }}
    >
      {columns.map(({ name, show }) => (
        <div role="gridcell" key={name} class={`cell ${name}`}>
          {name === "time" ? (
            <a href={address} tabIndex={-1} onClick={(event) => event.stopPropagation()}>
              {show(request)}
            </a>
          ) : (
            show(request)
          )}
        </div>
      ))}
    </div>
  );
}

/** The keys of the list: one row up or down, to the ends, open. */
function useGridKeys(
  requests: readonly ListedRequest[],
  rows: Rows,
  box: { readonly current: HTMLElement | null },
): void {
  const chosen = () => requests.findIndex(({ requestId }) => requestId === chosenId.value);
  const choose = (index: number): undefined => {
    const request = requests[Math.max(0, Math.min(index, requests.length - 1))];
    if (request === undefined) return;
    chosenId.value = request.requestId;
    rows.reveal(requests.indexOf(request));
    const focus = () => {
      const row = findRow(box.current, request.requestId);
      row?.focus({ preventScroll: true });
      return row !== null;
    };
    // A row may be in the page only after it was scrolled to.
    if (!focus()) requestAnimationFrame(focus);
  };
  const move = (by: number) => () => choose(chosen() + by);
  useKeys({
    j: move(1),
    k: move(-1),
    ArrowDown: move(1),
    ArrowUp: move(-1),
    PageDown: move(15),
    PageUp: move(-15),
    Home: () => choose(0),
    End: () => choose(requests.length - 1),
    Enter: () => {
      if (!isOnRow()) return false;
      goTo(formatRoute({ view: "requests", id: chosenId.value }));
      return undefined;
    },
  });
}

function findRow(box: HTMLElement | null, requestId: string): HTMLElement | null {
  return box?.querySelector<HTMLElement>(`[data-id="${CSS.escape(requestId)}"]`) ?? null;
}

function isTyping(): boolean {
  return document.activeElement?.id === "filter";
}

function isOnRow(): boolean {
  return document.activeElement?.matches(".grid-row.entry") === true;
}
