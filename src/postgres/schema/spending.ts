/** What was spent, and what running requests may still spend. */
export const spendingSchema = "";
