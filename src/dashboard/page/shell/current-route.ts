import { signal } from "@preact/signals";
import { parseRoute, type Route } from "./route.ts";

/** What the address says; follows it when the user goes back or forth. */
export const currentRoute = signal<Route>(parseRoute(location.hash));

/** Follows the address from now on. */
export function followAddress(): void {
  addEventListener("hashchange", () => {
    currentRoute.value = parseRoute(location.hash);
  });
}

/** Goes to an address that begins with `#`: a new step of the history. */
export function goTo(address: string): void {
  location.hash = address;
}

/** Changes the address of the current step: no new step of the history. */
export function replaceAddress(address: string): void {
  history.replaceState(history.state, "", address);
  currentRoute.value = parseRoute(address);
}
