import { expect, test } from "bun:test";
import { countDocumentTokens, guessDocumentTokens } from "../../src/tokens/count-document-tokens.ts";

const pdf = (content: string) =>
  `data:application/pdf;base64,${Buffer.from(content, "latin1").toString("base64")}`;

const threePages = `%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R /PageLabels 9 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R 4 0 R 5 0 R] /Count 3 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R >> endobj
4 0 obj <</Type/Page/Parent 2 0 R>> endobj
5 0 obj << /Type
/Page >> endobj
%%EOF`;

test("[7:pdf] a PDF counts 2000 a page; /Pages, /PageLabels and the like are no pages", () => {
  expect(countDocumentTokens(pdf(threePages))).toBe(6000);
});

test("[7:pdf] one page in the open tells, however long the document is", () => {
  expect(countDocumentTokens(pdf(`/Type /Page ${"%".repeat(200_000)}`))).toBe(2000);
});

test("[7:pdf] bare base64 is a document too", () => {
  expect(countDocumentTokens(Buffer.from(threePages).toString("base64"))).toBe(6000);
});

test.each([
  [1, 2000],
  [75_000, 2000],
  [75_001, 4000],
  [1_000_000, 28_000],
])("[7:pdf] without a page in the open, %d bytes count %d", (bytes, tokens) => {
  expect(countDocumentTokens(pdf("%".repeat(bytes)))).toBe(tokens);
});

test.each([0, 1, 75_000, 75_001, 1_000_000])(
  "[F3] a guess goes by the length alone, without reading: %d bytes",
  (bytes) => {
    const content = "/Type /Page ".repeat(bytes / 12 + 1).slice(0, bytes);
    const document = pdf(content);
    expect(guessDocumentTokens(document)).toBeGreaterThanOrEqual(2000 * Math.ceil(bytes / 75_000));
    expect(guessDocumentTokens(document)).toBeLessThanOrEqual(2000 * Math.ceil((bytes + 2) / 75_000));
  },
);
