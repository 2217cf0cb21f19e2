// The upstream of the bench, a process of its own: `bun upstream.ts PORT`. It answers every POST as it was told by
// the last `POST /bench/settings`, on raw sockets, so that it costs less than what is measured.
import type { Socket } from "bun";
import { createRequestReader, type ReceivedRequest } from "./request-end.ts";
import { encodeEnd, encodeJson, encodePiece, encodeWhole, streamHead } from "./upstream-answer.ts";
import { type UpstreamSettings, type UpstreamState, upstreamSettingsSchema } from "./upstream-settings.ts";

interface Connection {
  read: (bytes: Buffer) => void;
  /** Texts that the socket has not taken yet, in order; what makes more of them once they are gone. */
  waiting: Buffer[];
  refill: (() => Buffer | null) | null;
  timer: Timer | null;
  isStreaming: boolean;
}

const batchBytes = 65_536;

let settings: UpstreamSettings = { kind: "whole", chunks: 1, chunkCharacters: 20, paceMs: 0, toolCalls: 0 };
let whole = Buffer.from(encodeWhole(settings));
const state: UpstreamState = { requests: 0, open: 0 };

function answer(socket: Socket<Connection>, { method, path, body }: ReceivedRequest): void {
  if (path === "/bench/settings") {
    settings = upstreamSettingsSchema.parse(JSON.parse(body));
    whole = Buffer.from(encodeWhole(settings));
    send(socket, Buffer.from(encodeJson({})));
  } else if (path === "/bench/state") {
    send(socket, Buffer.from(encodeJson(state)));
  } else if (method === "GET") {
    send(socket, Buffer.from(encodeJson({ object: "list", data: [{ id: "bench", object: "model" }] })));
  } else {
    state.requests += 1;
    if (settings.kind === "whole") send(socket, whole);
    else if (settings.paceMs === 0) burst(socket, settings);
    else pace(socket, settings);
  }
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

function burst(socket: Socket<Connection>, told: UpstreamSettings): void {
  begin(socket);
  let index = 0;
  socket.data.refill = () => {
    if (index > told.chunks) return null;
    let text = index === 0 ? streamHead : "";
    while (index < told.chunks && text.length < batchBytes) {
      text += encodePiece(index, told);
      index += 1;
    }
    if (index === told.chunks && text.length < batchBytes) {
      text += encodeEnd(told);
      index += 1;
      end(socket);
    }
    return Buffer.from(text);
  };
  flush(socket);
}

function pace(socket: Socket<Connection>, told: UpstreamSettings): void {
  begin(socket);
  let index = 0;
  const next = (): string => {
    const text = encodePiece(index, told);
    index += 1;
    if (index < told.chunks) return text;
    end(socket);
    return text + encodeEnd(told);
  };
  send(socket, Buffer.from(streamHead + next()));
  if (told.chunks > 1) socket.data.timer = setInterval(() => send(socket, Buffer.from(next())), told.paceMs);
}

function begin(socket: Socket<Connection>): void {
  socket.data.isStreaming = true;
  state.open += 1;
}

function end(socket: Socket<Connection>): void {
  const { data } = socket;
  if (data.timer !== null) clearInterval(data.timer);
  data.timer = null;
  if (data.isStreaming) state.open -= 1;
  data.isStreaming = false;
}

Bun.listen<Connection>({
  hostname: "127.0.0.1",
  port: Number(process.argv[2]),
  socket: {
    open(socket) {
      const read = createRequestReader((request) => answer(socket, request));
      socket.data = { read, waiting: [], refill: null, timer: null, isStreaming: false };
    },
    data: (socket, bytes) => socket.data.read(bytes),
    drain: flush,
    close(socket) {
      end(socket);
      socket.data.refill = null;
    },
    error: (socket) => end(socket),
  },
});
console.log("ready");
