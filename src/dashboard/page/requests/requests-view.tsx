import { useEffect, useLayoutEffect } from "preact/hooks";
import { AnswerNote } from "../parts/answer-note.tsx";
import { currentRoute, goTo, replaceAddress } from "../shell/current-route.ts";
import { now } from "../shell/record-state.ts";
import { formatFilterRoute } from "../shell/route.ts";
import { FilterBox } from "./filter-box.tsx";
import { RequestGrid } from "./request-grid.tsx";
import {
  followList,
  isAtTop,
  keptScroll,
  listFault,
  listFilter,
  listNote,
  loadList,
  requests,
  showWaiting,
  waiting,
} from "./request-list.ts";

/** The list of requests, newest first. */
export function RequestsView() {
  const filter = currentRoute.value.settings["filter"] ?? "";
  // Not after the first frame is drawn, which a slow machine takes its time for.
  useLayoutEffect(() => {
    if (listFilter.peek() === filter) return;
    keptScroll.top = 0;
    isAtTop.value = true;
    void loadList(filter);
  }, [filter]);
  useEffect(followList, []);
  return (
    <div class="requests">
      <h1 class="unseen">Requests</h1>
      <FilterBox filter={filter} onFilter={changeFilter} />
      <AnswerNote note={listNote.value} />
      <List filter={filter} />
    </div>
  );
}

/** A filter that is typed letter by letter is one step of the history. */
function changeFilter(filter: string): void {
  const address = formatFilterRoute(filter);
  if (document.activeElement?.id === "filter") replaceAddress(address);
  else goTo(address);
}

function List({ filter }: { filter: string }) {
  const found = requests.value;
  if (found === null) return listFault.value === null ? <p class="quiet">Loading…</p> : null;
  if (found.length === 0) return <Nothing filter={filter} />;
  const count = waiting.value.length;
  return (
    <>
      {count > 0 && !isAtTop.value && (
        <button type="button" class="new" onClick={showNewest}>
          {count} new ↑
        </button>
      )}
      <RequestGrid key={filter} requests={found} />
    </>
  );
}

function showNewest(): void {
  showWaiting();
  document.querySelector(".grid-body")?.scrollTo({ top: 0 });
}

function Nothing({ filter }: { filter: string }) {
  if (filter !== "") return <p>{listNote.value === null ? "No" : "So far no"} request fits this filter.</p>;
  return now.value?.record === null ? (
    <p>
      Nothing is recorded, as <code>RECORD=off</code> is set. Set <code>RECORD=on</code> and start
      claude-proxy again; requests from then on are shown here.
    </p>
  ) : (
    <p>Nothing is recorded yet. The next request of Claude Code is shown here as soon as it is answered.</p>
  );
}
