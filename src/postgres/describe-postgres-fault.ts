import { toPostgresError } from "./postgres-error.ts";

/**
 * Says in one or two sentences what is wrong with the shared database, and what to do.
 * @param place as `describePlace` gives it
 */
export function describePostgresFault(error: unknown, place: string): string {
  const { kind, message, sqlState } = toPostgresError(error);
  switch (kind) {
    case "away":
      return describeAway(place, message, sqlState);
    case "full":
      return `The disk of the database ${place} is full. Free some space there.`;
    case "denied":
      return describeDenial(place, message, sqlState);
    case "tls":
      return `There is no safe connection to ${place}: ${endSentence(message)} Look at sslmode and sslrootcert in RECORD.`;
    case "content":
      return `The database ${place} does not take the values: ${endSentence(message)}`;
    case "newer":
      return `The database ${place} cannot be used: ${endSentence(message)}`;
    case "other":
      return `The database ${place} has failed: ${endSentence(message)} Look at its log.`;
  }
}

function describeAway(place: string, message: string, sqlState: string | null): string {
  if (sqlState === "53300") return `The database ${place} has no connection left. Raise its max_connections.`;
  if (/^(?:57P0|08)/.test(sqlState ?? "")) {
    return `The database ${place} has ended the connection: ${endSentence(message)} Look whether it runs.`;
  }
  return `The database ${place} does not answer: ${endSentence(message)} Look whether it runs and can be reached.`;
}

function describeDenial(place: string, message: string, sqlState: string | null): string {
  // The server's own words name the user.
  if (sqlState === "3D000") return `There is no such database: ${place}. Create it, or correct RECORD.`;
  if (sqlState === "25006") {
    return `The database ${place} may only be read. Let RECORD name the one that is written.`;
  }
  if (sqlState === "42501") {
    return `The user in RECORD lacks a right on ${place}: ${endSentence(message)} Grant it (CREATE and USAGE on the schema).`;
  }
  if (sqlState === null) return `The database in RECORD cannot be used: ${endSentence(message)}`;
  return `The database ${place} refuses the user or the password of RECORD. Correct them.`;
}

function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
