import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { toVisibleText } from "../../parts/visible-text.ts";
import { cutSlices } from "./cut-slices.ts";

/** A long text in a box of its own: what is further down is put into the page when somebody scrolls there. */
export function WireText({ text, title }: { text: string; title: string }) {
  const slices = useMemo(() => cutSlices(text), [text]);
  const [shown, setShown] = useState(1);
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    setShown(1);
    if (box.current !== null) box.current.scrollTop = 0;
  }, [text]);
  const follow = ({
    currentTarget: { scrollTop, scrollHeight, clientHeight },
  }: {
    currentTarget: HTMLElement;
  }) => {
    if (scrollHeight - scrollTop < clientHeight * 3) setShown((count) => Math.min(count + 1, slices.length));
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard */}
      <section class="wire-box" tabIndex={0} aria-label={title} ref={box} onScroll={follow}>
        {slices.slice(0, shown).map((slice, index) => (
          <pre key={index}>{toVisibleText(slice)}</pre>
        ))}
      </section>
      {shown < slices.length && (
        <button type="button" class="more" onClick={() => setShown(slices.length)}>
          Show all {text.length.toLocaleString("en-US")} characters at once
        </button>
      )}
    </>
  );
}
