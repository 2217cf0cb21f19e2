import { readdirSync } from "node:fs";
import { z } from "zod";
import { UpstreamError } from "../../../src/upstream/upstream-error.ts";

const folder = new URL("../../fixtures/errors/", import.meta.url);

const schema = z.strictObject({
  _source: z.string().min(1),
  /** The rules that the fixture stands for. */
  rules: z.array(z.string()).min(1),
  status: z.number(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown(),
  context: z
    .strictObject({
      estimatedInputTokens: z.number().nullable().default(null),
      contextWindow: z.number().nullable().default(null),
      pullCommand: z.string().nullable().default(null),
    })
    .prefault({}),
  expected: z.strictObject({
    type: z.string(),
    status: z.number(),
    message: z.string(),
    headers: z.record(z.string(), z.string()),
  }),
});

export type ErrorFixture = z.infer<typeof schema>;

/** Names of all fixtures, without `.json`. */
export const errorFixtureNames = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));

/** An error body of some vendor, and what the client is to be told of it. */
export async function readErrorFixture(name: string): Promise<ErrorFixture> {
  return schema.parse(await Bun.file(new URL(`${name}.json`, folder)).json());
}

/** The error that the upstream client makes of the fixture. */
export function upstreamErrorOf({
  status,
  headers,
  body,
}: Pick<ErrorFixture, "status" | "headers" | "body">) {
  const host = "upstream.test";
  return new UpstreamError("http", `${host} answered ${status}`, { status, headers, body, host });
}
