import type { Context } from "hono";
import { ApiError } from "../../anthropic/api-error.ts";
import { listClients } from "../../config/list-upstreams.ts";
import { pageFiles } from "../../dashboard/page-files.ts";
import { pageHtml, signInHtml } from "../../dashboard/page-html.ts";
import type { AppEnvironment } from "../middleware/request-context.ts";
import { createRecordAnswers } from "./answer-record.ts";
import { buildNowAnswer, type NowDependencies } from "./build-now-answer.ts";
import { buildUpstreamsAnswer, type UpstreamsDependencies } from "./build-upstreams-answer.ts";
import { findViewer, sessionCookie, type Viewer } from "./find-viewer.ts";
import { createSignIns, type SignIns, sessionSeconds } from "./sign-ins.ts";

export interface DashboardDependencies extends NowDependencies, UpstreamsDependencies {}

type Answerer = (c: Context<AppEnvironment>) => Response | Promise<Response>;

/** What is answered at each path of the dashboard. */
export type Dashboard = Readonly<
  Record<
    | "page"
    | "script"
    | "styles"
    | "link"
    | "enter"
    | "now"
    | "requests"
    | "exchange"
    | "usage"
    | "sessions"
    | "upstreams",
    Answerer
  >
>;

/** Creates what answers below `/dashboard`. */
export function createDashboard(deps: DashboardDependencies): Dashboard {
  const signIns = createSignIns(() => deps.now().getTime());
  const record = createRecordAnswers(() => deps.observing.recorder?.reader() ?? null);
  const api = (build: (c: Context<AppEnvironment>, viewer: Viewer) => unknown): Answerer => {
    return async (c) => c.json(await build(c, requireViewer(c, signIns)));
  };
  return {
    page: (c) =>
      findViewer(c, signIns) === null
        ? answerText(c, signInHtml, "html", 401)
        : answerText(c, pageHtml, "html"),
    script: (c) => answerText(c, pageFiles.script, "javascript"),
    styles: (c) => answerText(c, pageFiles.styles, "css"),
    link: (c) => c.json({ path: createLink(c, signIns) }),
    enter: (c) => enter(c, signIns),
    now: api((c, viewer) => buildNowAnswer(c.get("setup").config, viewer, deps)),
    requests: api(record.requests),
    exchange: api(record.exchange),
    usage: api(record.usage),
    sessions: api(record.sessions),
    upstreams: api((c) => buildUpstreamsAnswer(c.get("setup"), deps)),
  };
}

function requireViewer(c: Context<AppEnvironment>, signIns: SignIns): Viewer {
  const viewer = findViewer(c, signIns);
  if (viewer !== null) return viewer;
  throw new ApiError(
    "authentication_error",
    "dashboard: no session, or it is over. Run `claude-proxy dashboard`, or send the key of a client.",
    { headers: { "x-should-retry": "false" } },
  );
}

/** Where the client whose key the request has may look; with a code if that needs one. */
function createLink(c: Context<AppEnvironment>, signIns: SignIns): string {
  const client = c.get("client");
  return client === undefined ? "/dashboard" : `/dashboard/enter?code=${signIns.createCode(client)}`;
}

/** Exchanges a code for a session. The link leads on to an address without the code, which a browser remembers. */
function enter(c: Context<AppEnvironment>, signIns: SignIns): Response {
  // What only looks at a link must not use up its code.
  const code = c.req.raw.method === "GET" ? c.req.query("code") : undefined;
  const token = code === undefined ? null : signIns.openSession(code, listClients(c.get("setup").config));
  if (token === null) return answerText(c, signInHtml, "html", 401);
  const cookie = `${sessionCookie}=${token}; HttpOnly; SameSite=Strict; Path=/dashboard; Max-Age=${sessionSeconds}`;
  return c.body(null, 303, { location: "/dashboard", "set-cookie": cookie });
}

function answerText(
  c: Context<AppEnvironment>,
  text: string,
  kind: "html" | "javascript" | "css",
  status: 200 | 401 = 200,
): Response {
  return c.body(text, status, { "content-type": `text/${kind}; charset=utf-8` });
}
