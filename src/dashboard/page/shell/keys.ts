import { effect, signal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { keep, readKept } from "./kept-settings.ts";

/** What a key does; false if it does nothing now, so that the browser may use it. */
export type KeyActions = Readonly<Record<string, () => boolean | undefined>>;

/** Whether single keys do something: some people speak to their computer, and letters come by chance. */
export const hasKeys = signal(readKept("keys") !== "off");

const stack: KeyActions[] = [];

/** Listens to the keyboard from now on. */
export function followKeys(): void {
  effect(() => keep("keys", hasKeys.value ? "on" : "off"));
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (takesText(event.target) && event.key !== "Escape") return;
    if (document.querySelector("dialog[open]") !== null) return;
    if (event.key.length === 1 && !hasKeys.value) return;
    for (const actions of stack.toReversed()) {
      const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
      if (action !== undefined && action() !== false) {
        event.preventDefault();
        return;
      }
    }
  });
}

/** While the component is shown these keys act, before those of what is around it. */
export function useKeys(actions: KeyActions): void {
  // Before the frame is drawn: who sees the view may use its keys.
  useLayoutEffect(() => {
    stack.push(actions);
    return () => {
      stack.splice(stack.indexOf(actions), 1);
    };
  });
}

/** Whether typed letters belong to this element. */
function takesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox]), textarea, select"))
  );
}
