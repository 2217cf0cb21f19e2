/**
 * How often one request of a client may be sent upstream, for whatever reason: the first send, and three for fresh
 * connections, repairs and a second try after an empty answer. Each of these would otherwise begin its own count.
 */
export const mostSends = 4;

/** The sends that are left for one request of a client. Code that sends again checks it first. */
export interface SendBudget {
  /** True if the upstream may be called once more. */
  readonly hasLeft: boolean;
  /** Another target can get the request: then a server that is not there is not called twice, which takes a send. */
  hasOtherTarget: boolean;
  /** Counts a send, just before it. Throws if none is left. */
  take(): void;
}

/**
 * Creates the budget of one request.
 * @param onTake called at every send with the number of sends so far, including this one
 */
export function createSendBudget(onTake: (taken: number) => void = () => {}): SendBudget {
  let taken = 0;
  return {
    hasOtherTarget: false,
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
