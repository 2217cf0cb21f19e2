import type { Context } from "hono";
import { pageFiles } from "../../dashboard/page-files.ts";
import { pageHtml } from "../../dashboard/page-html.ts";
import type { AppEnvironment } from "../middleware/request-context.ts";
import type { Observing } from "../observing.ts";
import { buildNowAnswer } from "./build-now-answer.ts";

export interface DashboardDependencies {
  readonly observing: Observing;
  readonly version: string;
  readonly now: () => Date;
}

type Answerer = (c: Context<AppEnvironment>) => Response | Promise<Response>;

/** What is answered at each path of the dashboard. */
export interface Dashboard {
  readonly page: Answerer;
  readonly script: Answerer;
  readonly styles: Answerer;
  readonly now: Answerer;
}

/** Creates what answers below `/dashboard`. */
export function createDashboard(deps: DashboardDependencies): Dashboard {
  const text = (body: string, type: string) => (c: Context<AppEnvironment>) =>
    c.body(body, 200, { "content-type": `${type}; charset=utf-8` });
  return {
    page: text(pageHtml, "text/html"),
    script: text(pageFiles.script, "text/javascript"),
    styles: text(pageFiles.styles, "text/css"),
    now: (c) => c.json(buildNowAnswer(c.get("setup").config, deps)),
  };
}
