import { userInfo } from "node:os";
import { readWholeNumber } from "../json/whole-number.ts";
import { PostgresError } from "./postgres-error.ts";

/** Where a shared database is, and how it is spoken to. */
export interface PostgresPlace {
  readonly host: string;
  readonly port: number;
  /** The folder of its Unix socket; null if it is reached over the network. */
  readonly socketFolder: string | null;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly sslMode: "disable" | "prefer" | "require" | "verify-ca" | "verify-full";
  /** Files with certificates and a key, as libpq names them; null for what is left out. */
  readonly sslRootCert: string | null;
  readonly sslCert: string | null;
  readonly sslKey: string | null;
  /** For the server's `options`, such as `-c search_path=proxy`; usually empty. */
  readonly options: string;
}

const usualPort = 5432;

/**
 * Reads a URL as libpq does: `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full&sslrootcert=FILE`. What it
 * does not say comes from no variable.
 * @throws PostgresError (`denied`) if it is no such URL; the message does not repeat it
 */
export function parsePlace(text: string): PostgresPlace {
  // A user without a host is usual for a Unix socket, and no URL for the standard.
  const whole = text.replace(/^(postgres(?:ql)?:\/\/[^/?#]*@)(?=[/?]|$)/, "$1localhost");
  const url = URL.canParse(whole) ? new URL(whole) : null;
  if (url === null || !/^postgres(?:ql)?:$/.test(url.protocol)) {
    throw new PostgresError("denied", "it has to be postgres://USER:PASSWORD@HOST/DATABASE");
  }
  const read = (name: string) => url.searchParams.get(name) || null;
  const host = read("host") ?? (decode(url.hostname) || "localhost");
  const user = decode(url.username) || (read("user") ?? userInfo().username);
  const sslRootCert = read("sslrootcert");
  return {
    host: host.startsWith("/") ? "localhost" : host.replace(/^\[|\]$/g, ""),
    port: readWholeNumber(url.port || read("port")) ?? usualPort,
    socketFolder: host.startsWith("/") ? host : null,
    user,
    password: decode(url.password) || (read("password") ?? ""),
    database: decode(url.pathname.slice(1)) || (read("dbname") ?? user),
    sslMode: parseSslMode(read("sslmode"), sslRootCert !== null),
    sslRootCert,
    sslCert: read("sslcert"),
    sslKey: read("sslkey"),
    options: read("options") ?? "",
  };
}

/** How users are told of it: `host:port/database`, without user and password. Never throws. */
export function describePlace(url: string): string {
  try {
    const { host, port, socketFolder, database } = parsePlace(url);
    return socketFolder === null
      ? `${host.includes(":") ? `[${host}]` : host}:${port}/${database}`
      : `${socketFolder}/${database}`;
  } catch {
    return "in RECORD";
  }
}

function parseSslMode(value: string | null, hasRootCert: boolean): PostgresPlace["sslMode"] {
  switch (value) {
    case "disable":
    case "verify-ca":
    case "verify-full":
      return value;
    case "require":
      // Whoever names an authority wants it asked.
      return hasRootCert ? "verify-ca" : "require";
    case "allow":
    case "prefer":
    case null:
      return "prefer";
    default:
      throw new PostgresError(
        "denied",
        "its sslmode may be disable, prefer, require, verify-ca or verify-full",
      );
  }
}

/** A percent sign that begins no code is one. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
