import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { naughtyTexts } from "../../../test/faults/naughty-texts.ts";
import { illegalJson, legalJson } from "../../../test/fuzz/json-vectors.ts";
import { hello } from "../../../test/support/start-pair.ts";
import type { NamedBody } from "../play-body.ts";

const fixtures = join(import.meta.dir, "../../../test/fixtures");

/** An image of each format. */
export function* listImageBodies(): Generator<NamedBody> {
  for (const name of readdirSync(join(fixtures, "tokens/images")).toSorted()) {
    const data = readFileSync(join(fixtures, "tokens/images", name)).toString("base64");
    const media_type = `image/${/[a-z]+/.exec(name)?.[0]}`;
    yield {
      name: `image ${name}`,
      body: say([{ type: "image", source: { type: "base64", media_type, data } }]),
    };
  }
}

/** The texts and requests with which counting is tested. */
export function* listCountedBodies(): Generator<NamedBody> {
  for (const name of readdirSync(join(fixtures, "tokens/corpus")).toSorted()) {
    const content = readFileSync(join(fixtures, "tokens/corpus", name), "utf8");
    yield { name: `text ${name}`, body: say(content) };
  }
  for (const name of readdirSync(join(fixtures, "tokens/charges")).toSorted()) {
    const { request } = JSON.parse(readFileSync(join(fixtures, "tokens/charges", name), "utf8"));
    yield { name: `charge ${name}`, body: { ...hello, ...request, model: hello.model } };
  }
}

function say(content: unknown): object {
  return { ...hello, messages: [{ role: "user", content }] };
}

/** Texts that have broken programs, wherever a text can stand. */
export function* listNaughtyBodies(): Generator<NamedBody> {
  for (const [index, text] of naughtyTexts.entries()) {
    const call = {
      type: "tool_use",
      id: "toolu_1",
      name: text.slice(0, 60),
      input: { [text.slice(0, 60)]: text },
    };
    const messages = [
      { role: "user", content: text },
      { role: "assistant", content: [{ type: "text", text }, call] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: text }] },
    ];
    yield {
      name: `naughty text ${index}`,
      body: { ...hello, system: text, stop_sequences: [text], messages },
    };
  }
}

/** Good and bad JSON, as a whole body and inside of one. */
export function* listJsonBodies(): Generator<NamedBody> {
  for (const text of [...legalJson, ...illegalJson]) {
    const name = `JSON ${text.slice(0, 40)}`;
    yield { name, body: text };
    yield { name: `${name} as a member`, body: `{"metadata":${text},${JSON.stringify(hello).slice(1)}` };
    const call = JSON.stringify({ type: "tool_use", id: "t", name: "Read", input: "here" }).replace(
      '"here"',
      () => text,
    );
    const result = JSON.stringify({ role: "user", content: [{ type: "tool_result", tool_use_id: "t" }] });
    const turns = `[{"role":"user","content":"hi"},{"role":"assistant","content":[${call}]},${result}]`;
    yield {
      name: `${name} as an input`,
      body: `{"stream":true,"model":"${hello.model}","max_tokens":9,"messages":${turns}}`,
    };
  }
}
