import type { PassingClient } from "../../upstream/passing-client.ts";

/** The way to one upstream of Anthropic's own wire, and what was found out about it. */
export interface Passing {
  readonly client: PassingClient;
  /** Of this program, for upstreams that ask who calls. */
  readonly version: string;
  /** The upstream is Anthropic itself. */
  readonly isAnthropic: boolean;
  /** The upstream counts no tokens. */
  lacksCount: boolean;
}
