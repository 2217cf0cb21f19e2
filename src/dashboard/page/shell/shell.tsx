import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { ExchangeView } from "../exchange/exchange-view.tsx";
import { NowView } from "../now/now-view.tsx";
import { RequestsView } from "../requests/requests-view.tsx";
import { SessionsView } from "../sessions/sessions-view.tsx";
import { UpstreamsView } from "../upstreams/upstreams-view.tsx";
import { UsageView } from "../usage/usage-view.tsx";
import { announcement } from "./announce.ts";
import { currentRoute, goTo } from "./current-route.ts";
import { Header } from "./header.tsx";
import { useKeys } from "./keys.ts";
import { KeysHelp, openKeysHelp } from "./keys-help.tsx";
import { connectionFault } from "./record-state.ts";
import { formatRoute, type Route, viewNames } from "./route.ts";
import { viewTitles } from "./view-titles.ts";

/** The whole page: what is always there, and the view that the address names. */
export function Shell() {
  const route = currentRoute.value;
  useTitle(route);
  useKeys({
    "?": openKeysHelp,
    ...Object.fromEntries(
      viewNames.map((view, index) => [String(index + 1), () => goTo(formatRoute({ view })) ?? undefined]),
    ),
  });
  return (
    <>
      <button type="button" class="skip" onClick={focusMain}>
        Skip to the content
      </button>
      <Header />
      {connectionFault.value !== null && (
        <p class="banner fault" role="alert">
          {connectionFault.value} What you see is what was known before.
        </p>
      )}
      <main id="main" tabIndex={-1}>
        <View route={route} />
      </main>
      <div class="unseen" aria-live="polite">
        {announcement.value}
      </div>
      <KeysHelp />
    </>
  );
}

function View({ route }: { route: Route }): ComponentChildren {
  switch (route.view) {
    case "requests":
      return route.id === null ? <RequestsView /> : <ExchangeView key={route.id} requestId={route.id} />;
    case "now":
      return <NowView />;
    case "sessions":
      return <SessionsView />;
    case "usage":
      return <UsageView />;
    case "upstreams":
      return <UpstreamsView />;
  }
}

/** The title says where one is. What had the keyboard may be gone with its view: then the new one has it. */
function useTitle({ view, id }: Route): void {
  const isFirst = useRef(true);
  useLayoutEffect(() => {
    document.title = `${id === null ? viewTitles[view] : `Request ${id}`} · claude-proxy`;
    if (!isFirst.current && document.activeElement === document.body)
      document.getElementById("main")?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [view, id]);
}

/** A button: the address is the route, so it cannot name a place in the page. */
function focusMain(): void {
  document.getElementById("main")?.focus();
}
