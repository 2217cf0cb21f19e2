import { render } from "preact";
import { loadList } from "./requests/request-list.ts";
import { currentRoute, followAddress } from "./shell/current-route.ts";
import { followKeys } from "./shell/keys.ts";
import { followNow } from "./shell/record-state.ts";
import { Shell } from "./shell/shell.tsx";
import { applyTheme } from "./shell/theme.ts";

/** A list that takes longer is shown when it comes, below what is there already. */
const longestWaitMs = 150;

const place = document.getElementById("page");
if (place !== null) {
  applyTheme();
  followAddress();
  followKeys();
  const shownFirst = loadShownFirst();
  followNow(2000);
  void shownFirst.then(() => render(<Shell />, place));
}

/** The list is asked for before anything is drawn: a frame without it costs a slow machine more time than the answer. */
async function loadShownFirst(): Promise<void> {
  const { view, id, settings } = currentRoute.value;
  if (view !== "requests" || id !== null) return;
  const { promise: waited, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, longestWaitMs);
  await Promise.race([loadList(settings["filter"] ?? ""), waited]);
}
