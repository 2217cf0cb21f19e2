/** What was learned of upstreams. */
export const lessonsSchema = "";
