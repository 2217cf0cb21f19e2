import type { RecordedRequest } from "../../../record/recorded-request.ts";
import { countCacheShare, countPrompt, formatShare, formatUsd, formatWhole } from "../parts/format.ts";

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

/** In words what it cost, and who says so. */
export function explainCost(request: RecordedRequest): string {
  const { costUsd, costSource, usageEstimated, outputTokens } = request;
  if (costUsd !== null) {
    const source = costSource === "upstream" ? "as the upstream says" : "tokens times the price of the model";
    return `Cost: ${formatUsd(costUsd)}, ${source}.`;
  }
  if (outputTokens === null) return "Cost: unknown, as nothing was answered that counts.";
  if (usageEstimated) return "Cost: unknown, as the upstream did not count its tokens; the counts are ours.";
  return "Cost: unknown, as no price of this model is known. Set it as price in models of config.yaml.";
}

function explainContext(request: RecordedRequest, prompt: number | null): string {
  if (prompt === null) return "";
  const share = countCacheShare(request);
  const cache = share === null ? "" : ` ${formatShare(share)} of the prompt came from the cache.`;
  if (request.window === null) return `The window of the model is not known.${cache}`;
  const fill = (prompt + (request.outputTokens ?? 0)) / request.window;
  return `Context: ${formatShare(fill)} of ${formatWhole(request.window)} tokens.${cache}`;
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
