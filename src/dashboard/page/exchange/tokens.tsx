import type { RecordedRequest } from "../../../record/recorded-request.ts";
import { countPrompt, formatWhole } from "../parts/format.ts";
import { explainContext, explainCost } from "./explain-exchange.ts";

/** Tokens, what they cost, and how good our count was. */
export function Tokens({ request }: { request: RecordedRequest }) {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, thinkingTokens } = request;
  const prompt = countPrompt(request);
  const rows: readonly (readonly [name: string, tokens: number | null])[] = [
    ["Prompt", prompt],
    ["  read from the cache", cacheReadTokens],
    ["  written to the cache", cacheWriteTokens],
    ["  neither", inputTokens],
    ["Answer", outputTokens],
    ["  of it thinking", thinkingTokens],
  ];
  return (
    <>
      <h2>Tokens and cost</h2>
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
      <p>{explainCost(request)}</p>
      <p>{explainContext(request, prompt)}</p>
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
