import { CommandError } from "../command-error.ts";

/**
 * The system keeps no services for this user in this session: the user is not logged in to it, or it has none at all.
 */
export class NoSessionError extends CommandError {
  /** @param message what is missing, and the remedy */
  constructor(message: string) {
    super(message, 1);
  }
}
