import { useState } from "preact/hooks";
import { toVisibleText } from "./visible-text.ts";

/** So much is shown of a text that was not opened. */
const shortLength = 1500;
const shortLines = 24;
/** So many more with each wish for more: a browser lays these out at once. */
const stepLength = 50_000;

/** A text of which the beginning is shown, and more where it is wanted. */
export function LongText({ text }: { text: string }) {
  const [length, setLength] = useState(() => findShortEnd(text));
  const left = text.length - length;
  // A few characters are not worth a button.
  const shown = left > 200 ? text.slice(0, length) : text;
  return (
    <>
      <pre>{toVisibleText(shown)}</pre>
      {left > 200 && (
        <button type="button" class="more" onClick={() => setLength(length + stepLength)}>
          Show more ({left.toLocaleString("en-US")} characters left)
        </button>
      )}
    </>
  );
}

/** Where the beginning of a text ends: after so many lines or characters. */
function findShortEnd(text: string): number {
  let end = 0;
  for (let line = 0; line < shortLines && end < shortLength; line += 1) {
    const next = text.indexOf("\n", end);
    if (next === -1) return Math.min(text.length, shortLength);
    end = next + 1;
  }
  return Math.min(end, shortLength);
}
