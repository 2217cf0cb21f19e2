import { describe, expect, test } from "bun:test";
import { type AgentNode, buildAgentTree } from "../../../../src/dashboard/page/sessions/build-agent-tree.ts";
import { contextFillOf } from "../../../../src/dashboard/page/sessions/context-fill.ts";
import type { SessionAgent } from "../../../../src/record/record-reader.ts";

function agentOf(agentId: string | null, parentAgentId: string | null, firstMs: number): SessionAgent {
  return {
    agentId,
    parentAgentId,
    agentType: null,
    requests: 1,
    errors: 0,
    costUsd: 0,
    unknownCosts: 0,
    firstMs,
    lastMs: firstMs,
    model: null,
    contextTokens: null,
    window: null,
  };
}

type Names = readonly (string | Names)[];

/** `["main", ["a", ["b"]]]`: a name, and behind it the list of those below it. */
function namesOf(nodes: readonly AgentNode[]): Names {
  return nodes.flatMap(({ agent, children }) => {
    const name = agent.agentId ?? "main";
    return children.length === 0 ? [name] : [name, namesOf(children)];
  });
}

describe("the tree of a session's agents", () => {
  test("has the agents below those that started them, from oldest to newest", () => {
    const tree = buildAgentTree([
      agentOf("c", "a", 40),
      agentOf("b", null, 30),
      agentOf("a", null, 20),
      agentOf(null, null, 10),
    ]);
    expect(namesOf(tree)).toEqual(["main", ["a", ["c"], "b"]]);
  });

  test("has agents without a known parent at its root", () => {
    const tree = buildAgentTree([
      agentOf(null, null, 10),
      agentOf("orphan", "gone", 20),
      agentOf("child", "orphan", 30),
    ]);
    expect(namesOf(tree)).toEqual(["main", "orphan", ["child"]]);
  });

  test("has all agents at its root where the main conversation is not in the record", () => {
    expect(namesOf(buildAgentTree([agentOf("a", null, 10), agentOf("b", null, 20)]))).toEqual(["a", "b"]);
  });

  test("shows every agent once where they name each other or themselves", () => {
    const tree = buildAgentTree([
      agentOf("a", "b", 10),
      agentOf("b", "a", 20),
      agentOf("self", "self", 30),
      agentOf("below", "a", 40),
    ]);
    const count = (nodes: readonly AgentNode[]): number =>
      nodes.reduce((sum, { children }) => sum + 1 + count(children), 0);
    expect(count(tree)).toBe(4);
    expect(namesOf(tree)).toContain("self");
  });

  test("is empty without agents", () => {
    expect(buildAgentTree([])).toEqual([]);
  });
});

describe("the fill of a context", () => {
  test("is the share of the window", () => {
    expect(contextFillOf({ contextTokens: 50_000, window: 200_000 })).toEqual({
      tokens: 50_000,
      windowTokens: 200_000,
      share: 0.25,
    });
  });

  test("may be more than the window", () => {
    expect(contextFillOf({ contextTokens: 300, window: 200 })?.share).toBe(1.5);
  });

  test.each([
    [null, 200_000],
    [50_000, null],
    [50_000, 0],
  ])("is not known of %p tokens in a window of %p", (contextTokens, window) => {
    expect(contextFillOf({ contextTokens, window })).toBeNull();
  });
});
