import type { RecordedRequest } from "../../../record/recorded-request.ts";
import { countPrompt, formatWhole } from "../parts/format.ts";

/** Tokens, and how good our count was. */
export function Tokens({ request }: { request: RecordedRequest }) {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, thinkingTokens } = request;
  const prompt = countPrompt(request);
  const rows: readonly (readonly [name: string, tokens: number | null])[] = [
    ["Prompt", prompt],
    ["  read from the cache", cacheReadTokens],
    ["  written to the cache", cacheWriteTokens],
    ["  neither", inputTokens],
    ["Answer", outputTokens],
    // Few upstreams count it.
    ...(thinkingTokens === null ? [] : [["  of it thinking", thinkingTokens] as const]),
  ];
  return (
    <>
      <h2>Tokens</h2>
      {prompt === null && outputTokens === null ? (
        <p>No tokens are known: there was no answer that counted them.</p>
      ) : (
        <table class="narrow">
          <tbody>
            {rows.map(([name, tokens]) => (
              <tr key={name}>
                <th scope="row" class={name.startsWith(" ") ? "part" : ""}>
                  {name.trim()}
                </th>
                <td class="number">{formatWhole(tokens)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {explainEstimate(request, prompt)}
    </>
  );
}

function explainEstimate({ estimatedTokens, estimateErrorPercent }: RecordedRequest, prompt: number | null) {
  if (estimatedTokens === null) return null;
  const error = estimateErrorPercent === null ? "" : ` (${estimateErrorPercent.toFixed(1)}% off)`;
  return (
    <p>
      Our count before it was sent: {formatWhole(estimatedTokens)} tokens; the upstream’s:{" "}
      {formatWhole(prompt)}
      {error}.
    </p>
  );
}
