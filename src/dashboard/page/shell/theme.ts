import { effect, signal } from "@preact/signals";
import { keep, readKept } from "./kept-settings.ts";

export const themes = ["auto", "light", "dark"] as const;

export type Theme = (typeof themes)[number];

/** The theme that the user chose; `auto` is that of the system. */
export const theme = signal<Theme>(themes.find((known) => known === readKept("theme")) ?? "auto");

/** Shows the chosen theme, and keeps each new choice. */
export function applyTheme(): void {
  effect(() => {
    document.documentElement.dataset["theme"] = theme.value;
    keep("theme", theme.value);
  });
}
