import { useState } from "preact/hooks";
import { LongText } from "../../parts/long-text.tsx";
import { toVisibleText } from "../../parts/visible-text.ts";
import type { Block } from "./blocks.ts";
import type { Conversation, Turn } from "./read-conversation.ts";

/** So many of the last messages are shown at first: what went wrong mostly stands at the end. */
const shownAtFirst = 12;

/** What was said: the client's request, then the answer. */
export function ConversationView({
  asked,
  answer,
}: {
  asked: Conversation | null;
  answer: readonly Block[] | null;
}) {
  const [isWhole, setIsWhole] = useState(false);
  const turns = asked?.turns ?? [];
  const hidden = isWhole ? 0 : Math.max(0, turns.length - shownAtFirst);
  return (
    <div class="conversation">
      {asked === null && (
        <p>The client’s request is no messages request that can be read. The raw messages show it.</p>
      )}
      {asked !== null && asked.tools.length > 0 && (
        <details>
          <summary>{asked.tools.length} tools offered</summary>
          <p class="mono">{toVisibleText(asked.tools.join(", "))}</p>
        </details>
      )}
      {hidden > 0 && (
        <button type="button" class="more" onClick={() => setIsWhole(true)}>
          Show {hidden} earlier messages
        </button>
      )}
      {turns.slice(hidden).map((turn, index) => (
        <Message key={hidden + index} turn={turn} />
      ))}
      {asked?.isCut && (
        <p class="warn">The request was longer than what is kept of one: its end is missing here.</p>
      )}
      {answer === null || answer.length === 0 ? (
        <p class="quiet">The answer to the client has nothing that can be read.</p>
      ) : (
        <Message turn={{ role: "answer", blocks: answer }} />
      )}
    </div>
  );
}

const roleTitles = new Map([
  ["system", "System prompt"],
  ["user", "User"],
  ["assistant", "Assistant"],
  ["answer", "Answer"],
]);

function Message({ turn: { role, blocks } }: { turn: Turn }) {
  const known = roleTitles.has(role) ? role : "other";
  return (
    <article class={`message ${known}`}>
      <h3>{roleTitles.get(role) ?? toVisibleText(role)}</h3>
      {blocks.map((block, index) => (
        <BlockView key={index} block={block} />
      ))}
    </article>
  );
}

function BlockView({ block: { kind, title, text, isError } }: { block: Block }) {
  const shown = toVisibleText(title);
  if (kind === "text") return <LongText text={text} />;
  if (text === "") return <p class="quiet">{shown}</p>;
  const isOpen = kind !== "thinking" && text.length < 1500;
  return (
    <details class={isError ? `block ${kind} failed` : `block ${kind}`} open={isOpen || isError}>
      <summary>
        {isError && <span class="bad">✕ </span>}
        {shown}
      </summary>
      <LongText text={text} />
    </details>
  );
}
