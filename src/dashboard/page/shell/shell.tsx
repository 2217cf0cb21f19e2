import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { RequestsView } from "../requests/requests-view.tsx";
import { announcement } from "./announce.ts";
import { createLaterView } from "./create-later-view.tsx";
import { currentRoute, goTo } from "./current-route.ts";
import { Header } from "./header.tsx";
import { useKeys } from "./keys.ts";
import { KeysHelp, openKeysHelp } from "./keys-help.tsx";
import { connectionFault } from "./record-state.ts";
import { formatRoute, type Route, viewNames } from "./route.ts";
import { viewTitles } from "./view-titles.ts";

const NowView = createLaterView(async () => (await import("../now/now-view.tsx")).NowView);
const ExchangeView = createLaterView(
  async () => (await import("../exchange/exchange-view.tsx")).ExchangeView,
);
const SessionsView = createLaterView(
  async () => (await import("../sessions/sessions-view.tsx")).SessionsView,
);
const UsageView = createLaterView(async () => (await import("../usage/usage-view.tsx")).UsageView);
const UpstreamsView = createLaterView(
  async () => (await import("../upstreams/upstreams-view.tsx")).UpstreamsView,
);

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
