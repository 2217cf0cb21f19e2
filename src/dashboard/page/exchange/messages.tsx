import { useMemo, useState } from "preact/hooks";
import type { RecordedBody, RecordedRequest, WireName } from "../../../record/recorded-request.ts";
import { Tabs } from "../parts/tabs.tsx";
import { ConversationView } from "./conversation/conversation-view.tsx";
import { readAnswer } from "./conversation/read-answer.ts";
import { readConversation } from "./conversation/read-conversation.ts";
import { Differences } from "./difference/differences.tsx";
import { WiresView } from "./wires/wires-view.tsx";

const titles = ["Conversation", "Raw messages", "Differences"] as const;

/** What was said: as a conversation, as it was on the wires, and what differs. */
export function Messages({ request, bodies }: { request: RecordedRequest; bodies: readonly RecordedBody[] }) {
  const [chosen, setChosen] = useState(0);
  return (
    <>
      <h2>Messages</h2>
      {bodies.length === 0 ? (
        <p>
          The messages of this request were not kept. Set <code>RECORD_BODIES=all</code> to keep those of
          every request, or <code>RECORD_BODIES=errors</code> for those of failed ones.
        </p>
      ) : (
        <Tabs name="messages" label="Messages" titles={titles} chosen={chosen} onChoose={setChosen}>
          {chosen === 0 && <Said bodies={bodies} />}
          {chosen === 1 && <WiresView bodies={bodies} />}
          {chosen === 2 && <Differences request={request} bodies={bodies} />}
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
