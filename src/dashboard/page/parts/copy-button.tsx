import { useEffect, useRef, useState } from "preact/hooks";
import { announce } from "../shell/announce.ts";

/** Copies a text. Where the browser refuses, it shows the text selected, so that it can be copied by hand. */
export function CopyButton({ title, text }: { title: string; text: string }) {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const field = useRef<HTMLTextAreaElement>(null);
  // Once, and not whenever what is around it is shown anew: somebody may have gone on.
  useEffect(() => {
    if (state !== "refused") return;
    field.current?.focus();
    field.current?.select();
  }, [state]);
  const copy = async () => {
    clearTimeout(timer.current);
    const isCopied = await copyText(text);
    setState(isCopied ? "copied" : "refused");
    announce(isCopied ? `${title}: copied` : "The browser does not let the page copy. The text is selected.");
    if (isCopied) timer.current = setTimeout(() => setState("idle"), 2000);
  };
  return (
    <>
      <button type="button" class="copy" onClick={copy}>
        {state === "copied" ? "Copied ✓" : title}
      </button>
      {state === "refused" && (
        <textarea
          class="copied-by-hand mono"
          aria-label={`${title}: copy it with Ctrl+C`}
          readOnly
          rows={4}
          value={text}
          ref={field}
        />
      )}
    </>
  );
}

/** False if the browser refuses: it does so for a page that was not opened by HTTPS or from this machine. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
