import { signal } from "@preact/signals";

/** What a screen reader says next. */
export const announcement = signal("");

/** Says something to those who do not see the page. */
export function announce(text: string): void {
  announcement.value = text;
}
