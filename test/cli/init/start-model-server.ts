import { chunksOf } from "../../support/chunks.ts";
import { sse, status, whole } from "../../support/reply.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

/** The models that the server lists. */
const models = [
  { id: "vendor/big-1", context_length: 200_000, pricing: { prompt: "0.000001", completion: "0.000002" } },
  { id: "vendor/small-1", context_length: 65_536 },
];

/** Starts an upstream that lists two models, the first of which calls the tool that it is given. */
export async function startModelServer(
  answer: "calls" | "talks" | "refuses" = "calls",
): Promise<Upstream & AsyncDisposable> {
  const upstream = await startUpstream();
  upstream.respondWith(({ path }) => {
    if (path.endsWith("/models")) return whole({ object: "list", data: models });
    if (answer === "refuses") return status(401, { error: { message: "No such key." } });
    const calls = [{ id: "call_1", name: "list_files", arguments: { path: "." } }];
    return sse(chunksOf(answer === "calls" ? { toolCalls: calls } : { text: "There are many files." }));
  });
  return { ...upstream, [Symbol.asyncDispose]: () => upstream.stop() };
}
