/**
 * How often one request of a client may be sent upstream, whatever for: it, and three of fresh connections, repairs
 * and a second try of an empty answer. Each of them would otherwise begin anew behind the others.
 */
export const mostSends = 4;

/** What is left of the sends for one request of a client. Whoever sends again asks it first. */
export interface SendBudget {
  /** True when the upstream may be called once more. */
  readonly hasLeft: boolean;
  /** Counts a send, just before it. Throws when none is left. */
  take(): void;
}

/**
 * Creates the budget of one request.
 * @param onTake called at every send with their number, this one counted
 */
export function createSendBudget(onTake: (taken: number) => void = () => {}): SendBudget {
  let taken = 0;
  return {
    get hasLeft() {
      return taken < mostSends;
    },
    take() {
      if (taken >= mostSends)
        throw new Error("the upstream was called as often as it may be for one request");
      taken++;
      onTake(taken);
    },
  };
}
