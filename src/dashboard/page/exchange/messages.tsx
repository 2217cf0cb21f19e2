import { useMemo } from "preact/hooks";
import type { RecordedBody, RecordedRequest, WireName } from "../../../record/recorded-request.ts";
import { Tabs } from "../parts/tabs.tsx";
import { ConversationView } from "./conversation/conversation-view.tsx";
import { readAnswer } from "./conversation/read-answer.ts";
import { readConversation } from "./conversation/read-conversation.ts";
import { Differences } from "./difference/differences.tsx";
import { WiresView } from "./wires/wires-view.tsx";

const titles = ["Conversation", "Raw messages", "Differences"] as const;

/** What of the messages is shown. */
export interface MessagesChoice {
  /** Which of the tabs. */
  readonly tab: number;
  /** Which of the comparisons, behind the tab of the differences. */
  readonly comparison: number;
}

/** What was sent to the upstream, compared with the turn before: that is what its cache is about. */
export const turnBefore: MessagesChoice = { tab: 2, comparison: 1 };

export interface MessagesProps {
  readonly request: RecordedRequest;
  readonly bodies: readonly RecordedBody[];
  readonly choice: MessagesChoice;
  readonly onChoose: (choice: MessagesChoice) => void;
}

/** What was said: as a conversation, as it was on the wires, and what differs. */
export function Messages({ request, bodies, choice, onChoose }: MessagesProps) {
  const { tab, comparison } = choice;
  return (
    <>
      <h2 id="messages-title" tabIndex={-1}>
        Messages
      </h2>
      {bodies.length === 0 ? (
        <p>
          The messages of this request were not kept. Set <code>RECORD_BODIES=all</code> to keep those of
          every request, or <code>RECORD_BODIES=errors</code> for those of failed ones.
        </p>
      ) : (
        <Tabs
          name="messages"
          label="Messages"
          titles={titles}
          chosen={tab}
          onChoose={(chosen) => onChoose({ ...choice, tab: chosen })}
        >
          {tab === 0 && <Said bodies={bodies} />}
          {tab === 1 && <WiresView bodies={bodies} />}
          {tab === 2 && (
            <Differences
              request={request}
              bodies={bodies}
              chosen={comparison}
              onChoose={(chosen) => onChoose({ ...choice, comparison: chosen })}
            />
          )}
        </Tabs>
      )}
    </>
  );
}

function Said({ bodies }: { bodies: readonly RecordedBody[] }) {
  const textOf = (name: WireName) => bodies.find((body) => body.name === name)?.text ?? null;
  const asked = textOf("client-request");
  const answered = textOf("client-response");
  const conversation = useMemo(() => (asked === null ? null : readConversation(asked)), [asked]);
  const answer = useMemo(() => (answered === null ? null : readAnswer(answered)), [answered]);
  return <ConversationView asked={conversation} answer={answer} />;
}
