import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from "@tanstack/virtual-core";
import { useLayoutEffect, useReducer, useState } from "preact/hooks";

export interface Rows {
  readonly totalHeight: number;
  /** Pixels. */
  readonly rowHeight: number;
  /** The rows in sight, and some around them. */
  readonly shown: readonly { readonly index: number; readonly start: number }[];
  /** Scrolls as far as is needed to see the row. */
  reveal(index: number): void;
}

const narrow = matchMedia("(max-width: 720px)");

/** The height of a row in pixels: it follows the size of the letters; a narrow row has two lines. */
function readRowHeight(): number {
  const letterPixels = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return Math.round(letterPixels * (narrow.matches ? 3.6 : 2));
}

/** Which of so many rows are in sight in the box. */
export function useRows(
  box: { readonly current: HTMLElement | null },
  count: number,
  initialTop: number,
): Rows {
  const [, render] = useReducer((times: number) => times + 1, 0);
  const [rowHeight, setRowHeight] = useState(readRowHeight);
  const options: VirtualizerOptions<HTMLElement, HTMLElement> = {
    count,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    initialOffset: initialTop,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => render(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  useLayoutEffect(() => {
    const follow = () => setRowHeight(readRowHeight());
    narrow.addEventListener("change", follow);
    return () => narrow.removeEventListener("change", follow);
  }, []);
  // The heights are measured anew when they change.
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  return {
    totalHeight: virtualizer.getTotalSize(),
    rowHeight,
    shown: virtualizer.getVirtualItems(),
    reveal: (index) => virtualizer.scrollToIndex(index, { align: "auto" }),
  };
}
