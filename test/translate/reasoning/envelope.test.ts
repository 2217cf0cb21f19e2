import { describe, expect, test } from "bun:test";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { decodeEnvelope } from "../../../src/translate/reasoning/decode-envelope.ts";
import { encodeEnvelope, resolveDetails } from "../../../src/translate/reasoning/encode-envelope.ts";
import {
  envelopeFamilies,
  hashVisibleThinking,
} from "../../../src/translate/reasoning/reasoning-envelope.ts";

/** The first 8 hex characters of sha256 of "think" and of nothing. */
const hashOfThink = "dc2fc19d";
const hashOfNothing = "e3b0c442";

function signatureOf(json: string): string {
  return `ccp1.${deflateRawSync(json).toString("base64url")}`;
}

/** The JSON inside a signature. */
function jsonOf(signature: string): unknown {
  return JSON.parse(inflateRawSync(Buffer.from(signature.slice("ccp1.".length), "base64url")).toString());
}

test("[6.1:form] the hash is that of the visible text", () => {
  expect(["think", ""].map(hashVisibleThinking)).toEqual([hashOfThink, hashOfNothing]);
});

test("[6.1:form] an envelope is deflated JSON behind a prefix", () => {
  const details = [
    { type: "reasoning.text", text: "think", signature: "sig", index: 0 },
    { type: "reasoning.summary", summary: "think", id: "rs_1" },
    { type: "reasoning.encrypted", data: "xyz" },
    { type: "reasoning.text", text: "other" },
  ];
  const signature = encodeEnvelope({
    family: "or-openai",
    model: "openai/gpt-5",
    visibleText: "think",
    details,
  });
  expect(signature).toMatch(/^ccp1\.[\w-]+$/);
  expect(jsonOf(signature)).toEqual({
    f: "or-openai",
    m: "openai/gpt-5",
    rd: [
      { type: "reasoning.text", text: 0, signature: "sig", index: 0 },
      { type: "reasoning.summary", summary: 0, id: "rs_1" },
      { type: "reasoning.encrypted", data: "xyz" },
      { type: "reasoning.text", text: "other" },
    ],
    h: hashOfThink,
  });
});

test("[6.1:form] a text that the client is not shown is inside, once", () => {
  const details = [{ type: "reasoning.text", text: "abc" }];
  const signature = encodeEnvelope({
    family: "or-other",
    model: "m",
    visibleText: "",
    hiddenText: "abc",
    details,
  });
  expect(jsonOf(signature)).toEqual({
    f: "or-other",
    m: "m",
    t: "abc",
    rd: [{ type: "reasoning.text", text: 0 }],
    h: hashOfNothing,
  });
});

test("[6.1:form] what goes in comes out", () => {
  const text = fc.string();
  const details = fc.array(
    fc.oneof(
      fc.record({ type: text, text, id: text }),
      fc.record({ summary: text }),
      text,
      fc.constant(null),
    ),
  );
  const content = fc.record({ visibleText: text, details, toolSignatures: fc.array(fc.tuple(text, text)) });
  fc.assert(
    fc.property(content, ({ visibleText, details: given, toolSignatures }) => {
      const signature = encodeEnvelope({
        family: "gemini",
        model: "m",
        visibleText,
        details: given,
        toolSignatures,
      });
      const decoded = decodeEnvelope(signature);
      expect(decoded && { ...decoded, details: resolveDetails(decoded.details ?? [], visibleText) }).toEqual({
        family: "gemini",
        model: "m",
        details: given,
        toolSignatures,
        hash: hashVisibleThinking(visibleText),
      });
    }),
  );
});

test.each(Object.values(envelopeFamilies))("[6.1:form] an envelope of the family %s comes back", (family) => {
  const decoded = decodeEnvelope(encodeEnvelope({ family, model: "m", visibleText: "" }));
  expect(decoded).toEqual({ family, model: "m", hash: hashOfNothing });
});

test("[6.1:form] an empty list of details is not the same as none", () => {
  const decode = (details?: unknown[]) =>
    decodeEnvelope(encodeEnvelope({ family: "or-other", model: "m", visibleText: "", details }));
  const envelope = { family: "or-other", model: "m", hash: hashOfNothing } as const;
  expect([decode([]), decode()]).toEqual([{ ...envelope, details: [] }, envelope]);
});

const least = { f: "text", m: "m", h: "0" };

describe("[6.1:limits] what is no envelope counts as none", () => {
  test.each([
    ["nothing", ""],
    ["Claude's own signature", "EqQBCkYIBRgCKkD"],
    ["another prefix", signatureOf(JSON.stringify(least)).replace("ccp1.", "ccp2.")],
    ["no data", "ccp1."],
    ["no base64", "ccp1.!!!"],
    ["no deflated data", `ccp1.${Buffer.from("hello").toString("base64url")}`],
    ["cut short", signatureOf(JSON.stringify(least)).slice(0, -6)],
    ["no JSON", signatureOf("{")],
    ["no object", signatureOf("[]")],
    ["an unknown family", signatureOf(JSON.stringify({ ...least, f: "martian" }))],
    ["no model", signatureOf(JSON.stringify({ f: "text", h: "0" }))],
    ["no hash", signatureOf(JSON.stringify({ f: "text", m: "m" }))],
    ["details that are no list", signatureOf(JSON.stringify({ ...least, rd: {} }))],
    ["signatures that are no pairs", signatureOf(JSON.stringify({ ...least, g: [["a"]] }))],
    ["more than a mebibyte", signatureOf(JSON.stringify({ ...least, t: "x".repeat(1024 * 1024) }))],
    ["too deep", signatureOf(`{"f":"text","m":"m","h":"0","rd":${"[".repeat(8)}${"]".repeat(8)}}`)],
    ["much too deep", signatureOf(`{"f":"text","m":"m","h":"0","rd":${"[".repeat(5e5)}`)],
  ])("%s", (_, signature) => {
    expect(decodeEnvelope(signature)).toBe(null);
  });

  test("[6.1:limits] just within the limits, and with a field more", () => {
    const t = "x".repeat(1024 * 1024 - JSON.stringify({ ...least, t: "", z: 1 }).length);
    expect(decodeEnvelope(signatureOf(JSON.stringify({ ...least, t, z: 1 })))).toEqual({
      family: "text",
      model: "m",
      text: t,
      hash: "0",
    });
    const deep = decodeEnvelope(
      signatureOf(`{"f":"text","m":"m","h":"0","rd":${"[".repeat(7)}${"]".repeat(7)}}`),
    );
    expect(deep).toEqual({ family: "text", model: "m", details: [[[[[[[]]]]]]], hash: "0" });
  });

  test("[6.1:limits] any string at all", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
        expect(decodeEnvelope(`ccp1.${text}`)).toBe(null);
      }),
    );
  });
});
