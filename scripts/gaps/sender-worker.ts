import { shapes } from "./shapes.ts";

/** A thread that makes the bodies and sends them: making one takes longer than what is measured. */
declare const self: Worker;

let bodies: { path: string; texts: string[]; isStream: boolean } = { path: "", texts: [], isStream: false };

self.onmessage = async ({ data }: MessageEvent<{ prepare: string } | { sendTo: string }>) => {
  if ("prepare" in data) {
    prepare(data.prepare);
    self.postMessage("ready");
    return;
  }
  const answers = bodies.texts.map(async (body) => {
    const response = await fetch(data.sendTo + bodies.path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      keepalive: false,
    });
    await response.arrayBuffer();
    return response.status;
  });
  self.postMessage(await Promise.all(answers));
};

function prepare(name: string): void {
  const shape = shapes.find((candidate) => candidate.name === name);
  if (shape === undefined) throw new Error(`nobody knows ${name}`);
  const isStream = shape.answer !== undefined;
  const limit = shape.isCount ? {} : { max_tokens: 100, stream: isStream };
  const path = shape.isCount ? "/v1/messages/count_tokens" : "/v1/messages";
  const body = JSON.stringify({ model: "claude-sonnet-5-5", ...limit, ...shape.request() });
  bodies = { path, texts: Array.from({ length: shape.times ?? 1 }, () => body), isStream };
}
