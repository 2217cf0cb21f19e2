import { expect, test } from "bun:test";
import { parseTraceParent } from "../../src/tracing/parse-trace-parent.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const spanId = "00f067aa0ba902b7";

test.each([
  [`00-${traceId}-${spanId}-01`, 1],
  [` 00-${traceId}-${spanId}-00 `, 0],
  [`01-${traceId}-${spanId}-03-more`, 3],
])("%j names a span", (header, traceFlags) => {
  expect(parseTraceParent(header)).toEqual({ traceId, spanId, traceFlags, isRemote: true });
});

test.each([
  null,
  "",
  "nonsense",
  `ff-${traceId}-${spanId}-01`,
  `00-${"0".repeat(32)}-${spanId}-01`,
  `00-${traceId}-${"0".repeat(16)}-01`,
  `00-${traceId.toUpperCase()}-${spanId}-01`,
  `00-${traceId}-${spanId}-01-more`,
  `00-${traceId}-${spanId}`,
  `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`,
])("%j names none", (header) => {
  expect(parseTraceParent(header)).toBeNull();
});
