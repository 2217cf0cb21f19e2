import { z } from "zod";

const value = z.union([
  z
    .object({ stringValue: z.string() })
    .strict()
    .transform((one) => one.stringValue),
  z
    .object({ intValue: z.union([z.number(), z.string()]) })
    .strict()
    .transform((one) => Number(one.intValue)),
  z
    .object({ doubleValue: z.number() })
    .strict()
    .transform((one) => one.doubleValue),
  z
    .object({ boolValue: z.boolean() })
    .strict()
    .transform((one) => one.boolValue),
  z
    .object({
      arrayValue: z.object({ values: z.array(z.object({ stringValue: z.string() }).strict()) }).strict(),
    })
    .strict()
    .transform((one) => one.arrayValue.values.map(({ stringValue }) => stringValue)),
]);

const attributes = z
  .array(z.object({ key: z.string(), value }).strict())
  .transform((list) => Object.fromEntries(list.map(({ key, value: read }) => [key, read])));

const nanoseconds = z.string().regex(/^\d{19}$/);

const span = z
  .object({
    traceId: z.string().regex(/^[0-9a-f]{32}$/),
    spanId: z.string().regex(/^[0-9a-f]{16}$/),
    parentSpanId: z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .optional(),
    name: z.string(),
    /** 2 is a server's, 3 a client's. */
    kind: z.number(),
    startTimeUnixNano: nanoseconds,
    endTimeUnixNano: nanoseconds,
    attributes,
    droppedAttributesCount: z.literal(0),
    events: z.tuple([]),
    droppedEventsCount: z.literal(0),
    links: z.tuple([]),
    droppedLinksCount: z.literal(0),
    /** 0 is unset, 2 an error. */
    status: z.object({ code: z.number() }).strict(),
    flags: z.number(),
  })
  .strict();

const traces = z
  .object({
    resourceSpans: z.array(
      z
        .object({
          resource: z.object({ attributes, droppedAttributesCount: z.literal(0) }).strict(),
          scopeSpans: z.array(
            z
              .object({
                scope: z.object({ name: z.string(), version: z.string() }).strict(),
                spans: z.array(span),
              })
              .strict(),
          ),
        })
        .strict(),
    ),
  })
  .strict();

export type ReceivedSpan = z.infer<typeof span>;

/** A collector of OTLP over HTTP as JSON, which refuses what is not. */
export function startCollector() {
  const spans: ReceivedSpan[] = [];
  const resources: Record<string, unknown>[] = [];
  const bodies: string[] = [];
  const headers: Headers[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const ofServer = () => spans.filter(({ kind }) => kind === 2);
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (request.method !== "POST" || pathname !== "/v1/traces") return new Response(null, { status: 404 });
      const body = await request.text();
      bodies.push(body);
      headers.push(request.headers);
      const received = traces.safeParse(JSON.parse(body));
      if (!received.success) return new Response(received.error.message, { status: 400 });
      for (const { resource, scopeSpans } of received.data.resourceSpans) {
        resources.push(resource.attributes);
        spans.push(...scopeSpans.flatMap((scope) => scope.spans));
      }
      for (const { count, resolve } of waiting) if (ofServer().length >= count) resolve();
      return Response.json({});
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    spans,
    resources,
    bodies,
    headers,
    /** The spans of requests, as soon as there are so many. */
    async received(count: number): Promise<readonly ReceivedSpan[]> {
      if (ofServer().length < count) await new Promise<void>((resolve) => waiting.push({ count, resolve }));
      return ofServer();
    },
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}
