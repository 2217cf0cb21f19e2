import { CommandError } from "../command-error.ts";

/** The system keeps no services for this user from here: he is not logged in to it, or it has none at all. */
export class NoSessionError extends CommandError {
  /** @param message what is missing, and what to do */
  constructor(message: string) {
    super(message, 1);
  }
}
