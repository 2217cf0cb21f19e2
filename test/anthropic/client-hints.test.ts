import { expect, test } from "bun:test";
import { readClientHints } from "../../src/anthropic/client-hints.ts";

const none = {
  requestClass: null,
  firstPartyClass: null,
  agentId: null,
  parentAgentId: null,
  agentType: null,
  compaction: null,
};

test("reads the headers of Claude Code 2.1.332", () => {
  const headers = new Headers({
    "X-Claude-Code-Request-Class": "subagent",
    "x-claude-1p-request-class": "blocking-subagent",
    "x-claude-code-agent-id": "a1b2",
    "x-claude-code-parent-agent-id": "c3d4",
    "x-claude-code-agent-type": "Explore",
    "x-claude-code-compaction": "auto",
  });
  expect(readClientHints(headers)).toEqual({
    requestClass: "subagent",
    firstPartyClass: "blocking-subagent",
    agentId: "a1b2",
    parentAgentId: "c3d4",
    agentType: "Explore",
    compaction: "auto",
  });
});

test("what is not sent, empty or too long to be a word says nothing", () => {
  expect(readClientHints(new Headers())).toEqual(none);
  const headers = new Headers({
    "x-claude-code-agent-id": "  ",
    "x-claude-code-agent-type": "x".repeat(257),
  });
  expect(readClientHints(headers)).toEqual(none);
});
