import type { ComponentChildren } from "preact";

/** A box in which something wide is scrolled aside, also with the keyboard; the page itself never is. */
export function Scrolled({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard
    <section class="scrolled" tabIndex={0} aria-label={title}>
      {children}
    </section>
  );
}
