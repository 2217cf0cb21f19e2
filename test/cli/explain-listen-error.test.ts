import { expect, test } from "bun:test";
import { describeListenError } from "../../src/cli/explain-listen-error.ts";

const anotherPort = (port: number, flag = "") =>
  `use another port: ${flag}--port ${port} (0 picks a free one).`;

test.each([
  [
    "EADDRINUSE",
    { port: 8080 },
    null,
    `Port 8080 is taken by another program, not by a claude-proxy. Stop it, or ${anotherPort(8081)}`,
  ],
  [
    "EADDRINUSE",
    { port: 65535 },
    null,
    `Port 65535 is taken by another program, not by a claude-proxy. Stop it, or ${anotherPort(8080)}`,
  ],
  [
    "EADDRINUSE",
    { port: 8080, command: "npm start -- " },
    { version: "1.2.3" },
    `Port 8080 is taken by a claude-proxy (1.2.3) that is already running. Use that one, stop it, or ${anotherPort(8081, "npm start -- ")}`,
  ],
  ["EACCES", { port: 80 }, null, "Port 80 may not be used by this user. Use one above 1023: --port 8080."],
  ["EADDRNOTAVAIL", { port: 8080 }, null, "This machine has no address 10.1.2.3. Use --host 127.0.0.1."],
  ["ENOTFOUND", { port: 8080 }, null, "No address is known for the host 10.1.2.3. Use --host 127.0.0.1."],
  [
    "ENOTFOUND",
    { port: 8080, isHostFromEnvironment: true },
    null,
    "No address is known for the host 10.1.2.3. HOST comes from the environment. Run: unset HOST, or start with --host 127.0.0.1.",
  ],
  ["EWHATEVER", { port: 8080 }, null, "Cannot listen at 10.1.2.3, port 8080: the words"],
])("[row 78] %s at %j", (code, wanted, holder, line) => {
  const error = { code, message: "the words" };
  expect(describeListenError(error, { host: "10.1.2.3", ...wanted }, holder)).toBe(line);
});
