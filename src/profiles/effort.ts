/** How much the client wants the model to think, as levels a request can name. */
export type Effort = "low" | "medium" | "high" | "xhigh" | "max";
