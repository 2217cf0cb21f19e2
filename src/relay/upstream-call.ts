/** A call to the upstream, which ends with its client or with the server. */
export interface Call {
  /** Ends the call when it is aborted. */
  readonly controller: AbortController;
  /** Aborts the parts that are still running. */
  stop(): void;
  /** Removes the links to the client and to the server. */
  end(): void;
}

/**
 * Begins a call. It is aborted when `clientSignal` aborts, or by the function that `running` holds until the call ends.
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
