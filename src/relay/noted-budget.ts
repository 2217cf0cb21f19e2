import { createSendBudget, type SendBudget } from "../upstream/send-budget.ts";
import type { Exchange } from "./exchange.ts";

/**
 * Creates the budget of a request whose fields say how much of it was taken. In a function of its own: it lives as long
 * as the answer, and with it all that any function beside it would refer to, such as the request.
 */
export function createNotedBudget(fields: Pick<Exchange["fields"], "attempts">): SendBudget {
  return createSendBudget((taken) => {
    fields.attempts = taken;
  });
}
