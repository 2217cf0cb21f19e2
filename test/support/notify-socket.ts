import { dlopen, FFIType } from "bun:ffi";

/** The receiving end of systemd's notify protocol. Bun has no Unix datagrams, so this is the C library's. */
export interface NotifySocket {
  /** The oldest message that has not been read, or null when there is none. */
  receive(): string | null;
  close(): void;
}

const unixFamily = 1;
const datagramType = 2;
const dontWait = 0x40;

/** Listens at `path`, or at an abstract name when it begins with `@`. */
export function openNotifySocket(path: string): NotifySocket {
  const { symbols } = dlopen("libc.so.6", {
    socket: { args: [FFIType.i32, FFIType.i32, FFIType.i32], returns: FFIType.i32 },
    bind: { args: [FFIType.i32, FFIType.ptr, FFIType.u32], returns: FFIType.i32 },
    recv: { args: [FFIType.i32, FFIType.ptr, FFIType.u64, FFIType.i32], returns: FFIType.i64 },
    close: { args: [FFIType.i32], returns: FFIType.i32 },
  });
  const address = new Uint8Array([
    unixFamily,
    0,
    ...new TextEncoder().encode(path.startsWith("@") ? `\0${path.slice(1)}` : `${path}\0`),
  ]);
  const socket = symbols.socket(unixFamily, datagramType, 0);
  if (symbols.bind(socket, address, address.length) !== 0) throw new Error(`cannot bind ${path}`);
  const buffer = new Uint8Array(4096);
  return {
    receive() {
      const bytes = Number(symbols.recv(socket, buffer, buffer.length, dontWait));
      return bytes < 0 ? null : new TextDecoder().decode(buffer.subarray(0, bytes));
    },
    close: () => void symbols.close(socket),
  };
}
