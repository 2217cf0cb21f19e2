import fc from "fast-check";

/** A chunk that no orderly answer has, and where it comes in between. */
export interface Noise {
  /** From 0 to 1: where in the stream. */
  place: number;
  chunk: object;
}

function choice(delta: object, finish_reason: string | null = null): object {
  return { choices: [{ index: 0, delta, finish_reason }] };
}

function fragment(index: unknown, call: object): object {
  return choice({ tool_calls: [{ index, function: call }] });
}

const chunk = fc.constantFrom<object>(
  choice({ content: "so" }),
  choice({ content: " " }),
  choice({ reasoning: "hm" }),
  choice({ reasoning_details: [{ type: "reasoning.encrypted", data: "bGF0ZQ" }] }),
  choice({ reasoning_details: [] }),
  choice({ refusal: "no" }),
  choice({ annotations: [{ type: "url_citation", url_citation: { url: "https://late.test" } }] }),
  choice({ images: [{ type: "image_url" }], audio: { id: "a" } }),
  fragment(0, { arguments: '"}' }),
  fragment(1, { name: "Bash" }),
  fragment(7, { name: "Read", arguments: '{"path":"li' }),
  fragment(8, { arguments: '{"a":!!' }),
  fragment("x", { name: "Read" }),
  fragment(-1, { name: "Read" }),
  choice({ tool_calls: [null, 7, {}] }),
  choice({ content: 7, tool_calls: "x", function_call: { name: "Bash", arguments: "{" } }),
  choice({}, "length"),
  choice({}, "stop"),
  choice({}, "tool_calls"),
  { choices: [{ index: 1, delta: { content: "second" } }] },
  { choices: [] },
  { choices: null },
  { usage: { prompt_tokens: 1, completion_tokens: 1 } },
  { error: { code: 429, message: "slow down" } },
  { choices: [{ index: 0, delta: { content: "last" }, error: { code: 502, message: "gone" } }] },
);

/** None in half of the answers. */
export const noises = fc.oneof(
  fc.constant<Noise[]>([]),
  fc.array(fc.record({ place: fc.double({ min: 0, max: 1, noNaN: true }), chunk }), {
    minLength: 1,
    maxLength: 4,
  }),
);

/** The chunks with the noise in between. */
export function insertNoise(chunks: readonly object[], noises: readonly Noise[]): object[] {
  const noisy = [...chunks];
  for (const { place, chunk: noise } of noises)
    noisy.splice(Math.floor(place * (noisy.length + 1)), 0, noise);
  return noisy;
}
