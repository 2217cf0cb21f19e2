import { expect, test } from "bun:test";
import { explainListenError } from "../../src/cli/explain-listen-error.ts";

test.each([
  [
    "EADDRINUSE",
    8080,
    "Port 8080 is taken by another program, perhaps a claude-proxy that still runs. Stop that one, or use another port: --port 8081 (0 takes a free one).",
  ],
  [
    "EADDRINUSE",
    65535,
    "Port 65535 is taken by another program, perhaps a claude-proxy that still runs. Stop that one, or use another port: --port 8080 (0 takes a free one).",
  ],
  ["EACCES", 80, "Port 80 may not be used by this user. Use one above 1023: --port 8080."],
  ["EADDRNOTAVAIL", 8080, "This machine has no address 10.1.2.3. Use --host 127.0.0.1."],
  ["ENOTFOUND", 8080, "No address is known for the host 10.1.2.3. Use --host 127.0.0.1."],
  ["EWHATEVER", 8080, "Cannot listen at 10.1.2.3, port 8080: the words"],
])("[row 78] %s at port %i", (code, port, line) => {
  expect(explainListenError({ code, message: "the words" }, "10.1.2.3", port)).toBe(line);
});
