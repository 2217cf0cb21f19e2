import type { Check, Heard } from "../check.ts";
import { askText, failWith, judgeError, notOffered, pass } from "../judge.ts";
import { buildWordPdf, pdfWord, redAndBluePng } from "../sample-files.ts";

export const imageCheck: Check = {
  id: "image",
  name: "image",
  needs: ["text"],
  isEssential: false,
  requests: 1,
  meaning: "Screenshots and pasted images are not seen; a note tells the model that one was left out.",
  async run(ask) {
    const source = { type: "base64", media_type: "image/png", data: redAndBluePng };
    const heard = await ask(
      askText([
        { type: "image", source },
        { type: "text", text: "Which two colours has this image? Answer with their names." },
      ]),
    );
    const fault = judgeError(heard);
    if (fault !== null) return fault;
    if (!hasSent(heard, redAndBluePng)) return notOffered("it takes no images: the proxy left the image out");
    return /\bred\b/i.test(heard.text) && /\bblue\b/i.test(heard.text)
      ? pass("the answer names what is in it")
      : failWith(heard, "it took the image, but the answer does not say what is in it");
  },
};

export const pdfCheck: Check = {
  id: "pdf",
  name: "PDF",
  needs: ["text"],
  isEssential: false,
  requests: 1,
  meaning: "PDF documents are not read; a note tells the model that one was left out.",
  async run(ask) {
    const data = buildWordPdf();
    const heard = await ask(
      askText([
        { type: "document", source: { type: "base64", media_type: "application/pdf", data } },
        { type: "text", text: "Which word stands in this document? Answer with the word alone." },
      ]),
    );
    const fault = judgeError(heard);
    if (fault !== null) return fault;
    if (!hasSent(heard, data)) return notOffered("it takes none: the proxy left the document out");
    return heard.text.includes(pdfWord)
      ? pass("the answer has the word that stands in it")
      : failWith(heard, "it took the document, but the answer does not say what stands in it");
  },
};

/** Whether what the upstream answered still had the file in it. */
function hasSent({ sent }: Heard, data: string): boolean {
  return sent.includes(data);
}
