import { clientsSchema } from "./schema/clients.ts";
import { instancesSchema } from "./schema/instances.ts";
import { lessonsSchema } from "./schema/lessons.ts";
import { requestsSchema } from "./schema/requests.ts";
import { spendingSchema } from "./schema/spending.ts";

/**
 * The forms that the shared database has had, one step each: the version is the number of steps that were made. A step
 * that was released is never changed. A program of the version before has to work beside each of them.
 */
export const migrations: readonly string[] = [
  [requestsSchema, instancesSchema, clientsSchema, lessonsSchema, spendingSchema].join("\n"),
];
