import { expect, test } from "bun:test";
import { RegExpRouter } from "hono/router/reg-exp-router";
import { createRouter } from "../../src/server/create-router.ts";

const routes = [
  ["ALL", "/dashboard/*", "protect"],
  ["ALL", "*", "exchange"],
  ["POST", "/v1/messages", "messages"],
  ["GET", "/v1/models", "models"],
  ["GET", "/v1/models/:id{.+}", "model"],
  ["GET", "/", "root"],
  ["GET", "/dashboard", "page"],
  ["GET", "/dashboard/api/requests/:id", "request"],
  ["ALL", "/v1/messages", "only POST"],
  ["ALL", "/", "only GET"],
] as const;

// No path ends with a slash: Hono takes it off before it asks the router.
const asked = [
  "/",
  "/v1/messages",
  "/v1/messages/more",
  "/v1/models",
  "/v1/models/a",
  "/v1/models/a/b",
  "/dashboard",
  "/dashboard/api/requests/7",
  "/dashboard/api/requests/7/8",
  "/nowhere",
  "/v1//messages",
  "/V1/messages",
  "/%2e",
] as const;

test.each(asked)("%s leads where it does with Hono's usual router, the first time and later", (path) => {
  const [ours, theirs] = [createRouter<string>(), new RegExpRouter<string>()];
  for (const [method, pattern, handler] of routes) {
    ours.add(method, pattern, handler);
    theirs.add(method, pattern, handler);
  }
  for (const method of ["GET", "POST", "PUT", "GET", "POST", "PUT"]) {
    const [handlers] = ours.match(method, path);
    const [expected] = theirs.match(method, path);
    expect(handlers.map(([handler]) => handler)).toEqual(expected.map(([handler]) => handler));
  }
});
