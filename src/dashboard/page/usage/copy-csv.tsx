import { useSignal } from "@preact/signals";
import { announce } from "../shell/announce.ts";

/** A button that copies a table as CSV; where the browser lets nobody copy, it shows the text, selected. */
export function CopyCsv({ buildText }: { readonly buildText: () => string }) {
  const shown = useSignal<string | null>(null);
  const isCopied = useSignal(false);
  const copy = async (): Promise<void> => {
    const text = buildText();
    try {
      await navigator.clipboard.writeText(text);
      isCopied.value = true;
      announce("Copied as CSV.");
    } catch {
      // Not refused for good: without HTTPS on another host than this one there is no clipboard.
      shown.value = text;
    }
  };
  return (
    <>
      <button type="button" onClick={copy}>
        {isCopied.value ? "Copied" : "Copy as CSV"}
      </button>
      {shown.value !== null && (
        <textarea
          class="copy-text"
          aria-label="CSV to copy"
          readOnly
          rows={6}
          value={shown.value}
          ref={(element) => element?.select()}
        />
      )}
    </>
  );
}
