// The upstream of the bench, a process of its own: `bun upstream.ts PORT`. It answers every POST as the last message of
// its parent's says, on the wire of its path, and on raw sockets, so that it costs less than what is measured. It is no
// HTTP server for strangers: its callers are proxies on this machine, which say how long a body is, and wait for an
// answer before they go on.
import type { Socket } from "bun";
import type { WireAnswer } from "./answer-text.ts";
import { anthropicAnswer } from "./anthropic-answer.ts";
import { chatAnswer } from "./chat-answer.ts";
import { encodeJson, streamHead } from "./framing.ts";
import { responsesAnswer } from "./responses-answer.ts";
import { type FullSettings, upstreamSettingsSchema } from "./upstream-settings.ts";

interface Connection {
  /** The head of a request as far as it has come; how much of its body is to come. */
  head: Buffer;
  restBytes: number;
  /** The wire of the last request. */
  wire: WireAnswer;
  /** Texts that the socket has not taken yet, in order; what makes more of them once they are gone. */
  waiting: Buffer[];
  refill: (() => Buffer | null) | null;
  timer: Timer | null;
  isStreaming: boolean;
}

const batchBytes = 65_536;
const models = Buffer.from(encodeJson({ object: "list", data: [{ id: "bench", object: "model" }] }));

let settings = upstreamSettingsSchema.parse({ kind: "whole", chunkCharacters: 20 });
let wholes = encodeWholes();
let open = 0;

/** The whole answers of all wires. */
function encodeWholes(): Map<WireAnswer, Buffer> {
  return new Map(
    [chatAnswer, responsesAnswer, anthropicAnswer].map((wire) => [
      wire,
      Buffer.from(wire.encodeWhole(settings)),
    ]),
  );
}

process.on("message", (message: unknown) => {
  if (message !== null) {
    settings = upstreamSettingsSchema.parse(message);
    wholes = encodeWholes();
  }
  process.send?.({ open });
});

function read(socket: Socket<Connection>, bytes: Buffer): void {
  const { data } = socket;
  if (data.restBytes === 0) {
    data.head = Buffer.concat([data.head, bytes]);
    const end = data.head.indexOf("\r\n\r\n");
    if (end === -1) return;
    const text = data.head.toString("latin1", 0, end);
    if (/\r\ntransfer-encoding:/i.test(text)) throw new Error("This proxy does not say how long its body is");
    const bodyBytes = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0);
    data.restBytes = bodyBytes - (data.head.length - end - 4);
    data.head = Buffer.alloc(0);
    data.wire = wireOf(text);
    if (text.startsWith("GET ")) {
      send(socket, models);
      return;
    }
  } else {
    data.restBytes -= bytes.length;
  }
  if (data.restBytes > 0) return;
  if (settings.kind === "whole") send(socket, wholes.get(data.wire) ?? Buffer.alloc(0));
  else if (settings.paceMs === 0) burst(socket, settings);
  else pace(socket, settings);
}

/** The wire of a request's path. */
function wireOf(head: string): WireAnswer {
  if (/^POST [^ ?]*\/responses[ ?]/.test(head)) return responsesAnswer;
  return /^POST [^ ?]*\/messages[ ?]/.test(head) ? anthropicAnswer : chatAnswer;
}

function send(socket: Socket<Connection>, bytes: Buffer): void {
  socket.data.waiting.push(bytes);
  flush(socket);
}

/** Writes until the socket takes no more; `drain` goes on. */
function flush(socket: Socket<Connection>): void {
  const { data } = socket;
  for (;;) {
    const next = data.waiting.shift() ?? data.refill?.() ?? null;
    if (next === null) return;
    const written = Math.max(0, socket.write(next));
    if (written < next.length) {
      data.waiting.unshift(next.subarray(written));
      return;
    }
  }
}

function burst(socket: Socket<Connection>, told: FullSettings): void {
  begin(socket);
  const { wire } = socket.data;
  let index = 0;
  socket.data.refill = () => {
    if (index > told.chunks) return null;
    let text = index === 0 ? streamHead + wire.encodeBegin(told) : "";
    while (index < told.chunks && text.length < batchBytes) text += wire.encodePiece(index++, told);
    if (index === told.chunks && text.length < batchBytes) {
      text += wire.encodeEnd(told);
      index += 1;
      end(socket);
    }
    return Buffer.from(text);
  };
  flush(socket);
}

function pace(socket: Socket<Connection>, told: FullSettings): void {
  begin(socket);
  const { wire } = socket.data;
  let index = 0;
  const next = (): string => {
    const text = wire.encodePiece(index++, told);
    if (index < told.chunks) return text;
    end(socket);
    return text + wire.encodeEnd(told);
  };
  send(socket, Buffer.from(streamHead + wire.encodeBegin(told) + next()));
  if (told.chunks > 1) socket.data.timer = setInterval(() => send(socket, Buffer.from(next())), told.paceMs);
}

function begin({ data }: Socket<Connection>): void {
  data.isStreaming = true;
  open += 1;
}

function end({ data }: Socket<Connection>): void {
  if (data.timer !== null) clearInterval(data.timer);
  data.timer = null;
  if (data.isStreaming) open -= 1;
  data.isStreaming = false;
}

Bun.listen<Connection>({
  hostname: "127.0.0.1",
  port: Number(process.argv[2]),
  socket: {
    open(socket) {
      const head = Buffer.alloc(0);
      const wire = chatAnswer;
      socket.data = { head, restBytes: 0, wire, waiting: [], refill: null, timer: null, isStreaming: false };
    },
    data: read,
    drain: flush,
    close(socket) {
      end(socket);
      socket.data.refill = null;
    },
    error: end,
  },
});
