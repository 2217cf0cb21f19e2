import { getNotifySocket } from "../../config/foreign-variables.ts";

const unixFamily = 1;
const datagramType = 2;
const closeOnExec = 0o2000000;

/** glibc's name first, then musl's. */
function listLibraryNames(): string[] {
  return ["libc.so.6", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`];
}

async function openLibrary() {
  const { dlopen, FFIType } = await import("bun:ffi");
  const symbols = {
    socket: { args: [FFIType.i32, FFIType.i32, FFIType.i32], returns: FFIType.i32 },
    sendto: {
      args: [FFIType.i32, FFIType.ptr, FFIType.u64, FFIType.i32, FFIType.ptr, FFIType.u32],
      returns: FFIType.i64,
    },
    close: { args: [FFIType.i32], returns: FFIType.i32 },
  } as const;
  const failures: string[] = [];
  for (const name of listLibraryNames()) {
    try {
      return dlopen(name, symbols);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(`The C library cannot be opened: ${failures.join("; ")}`);
}

/** The address in the kernel's form (`struct sockaddr_un`): the family, then the path, with `@` replaced by a NUL. */
function encodeSocketAddress(path: string): Uint8Array {
  const name = path.startsWith("@") ? `\0${path.slice(1)}` : `${path}\0`;
  const bytes = new TextEncoder().encode(name);
  const address = new Uint8Array(2 + bytes.length);
  new DataView(address.buffer).setUint16(0, unixFamily, true);
  address.set(bytes, 2);
  return address;
}

/**
 * Reports the state of this program to systemd, as a unit of `Type=notify` must; does nothing if systemd did not start
 * it. Source: sd_notify(3). It uses the C library because Bun has no Unix datagrams.
 * @param state lines such as `READY=1`
 * @throws Error if systemd cannot be reached: systemd would then consider the start failed
 */
export async function notifyServiceManager(state: string): Promise<void> {
  const path = getNotifySocket();
  if (path === undefined) {
    return;
  }
  const { symbols } = await openLibrary();
  const address = encodeSocketAddress(path);
  const message = new TextEncoder().encode(state);
  const socket = symbols.socket(unixFamily, datagramType | closeOnExec, 0);
  if (socket < 0) {
    throw new Error("systemd cannot be notified that the program is ready: no socket could be made");
  }
  try {
    const sentBytes = symbols.sendto(socket, message, message.length, 0, address, address.length);
    if (Number(sentBytes) !== message.length) {
      throw new Error(`systemd cannot be notified that the program is ready: ${path} takes no message`);
    }
  } finally {
    symbols.close(socket);
  }
}
