/** A call to the upstream, which ends with its client or with the server. */
export interface Call {
  /** Ends the call when it is aborted. */
  readonly controller: AbortController;
  /** Gives up what of it is still under way. */
  stop(): void;
  /** Lets go of the client and of the server. */
  end(): void;
}

/**
 * Begins a call that is given up when `clientSignal` aborts, or when the function is called that stands in `running`
 * until its end.
 */
export function createCall(clientSignal: AbortSignal, running: Set<() => void>): Call {
  const controller = new AbortController();
  const stop = () => controller.abort();
  // guard: end of the upstream's call with its client
  clientSignal.addEventListener("abort", stop, { once: true });
  running.add(stop);
  if (clientSignal.aborted) stop();
  return {
    controller,
    stop,
    end() {
      clientSignal.removeEventListener("abort", stop);
      running.delete(stop);
    },
  };
}
