import type { Context } from "hono";
import { ApiError } from "../../anthropic/api-error.ts";
import type {
  ExchangeAnswer,
  RequestsAnswer,
  SessionsAnswer,
  UsageAnswer,
} from "../../dashboard/dashboard-api.ts";
import { buildClientCurl, buildUpstreamCurl } from "../../record/build-curl.ts";
import type { RecordReader } from "../../record/record-reader.ts";
import type { RecordedExchange } from "../../record/recorded-request.ts";
import type { AppEnvironment } from "../middleware/request-context.ts";
import type { Viewer } from "./find-viewer.ts";
import { parseAfter, parseBefore, parseGroup, parseId, parseLimit } from "./parse-query.ts";
import { selectRequests } from "./select-requests.ts";

/** What the record says to a viewer; nothing with `RECORD=off`. All reject with ApiError. */
export interface RecordAnswers {
  requests(c: Context<AppEnvironment>, viewer: Viewer): Promise<RequestsAnswer>;
  exchange(c: Context<AppEnvironment>, viewer: Viewer): Promise<ExchangeAnswer>;
  usage(c: Context<AppEnvironment>, viewer: Viewer): Promise<UsageAnswer>;
  sessions(c: Context<AppEnvironment>, viewer: Viewer): Promise<SessionsAnswer>;
}

/** Creates what is answered from a record. `findReader`: gives null with `RECORD=off`. */
export function createRecordAnswers(findReader: () => RecordReader | null): RecordAnswers {
  return {
    async requests(c, viewer) {
      const reader = findReader();
      const before = parseBefore(c.req.query("before"));
      const query = {
        filter: selectRequests(c.req.query("filter"), viewer),
        limit: parseLimit(c.req.query("limit")),
        before,
        afterSeq: parseAfter(c.req.query("after")),
        isFollowed: before === null,
      };
      if (reader === null) return { requests: [], note: null };
      const told = createNote();
      const requests = await readRecord(reader.list(query, told.add));
      return { requests, note: told.text };
    },
    async exchange(c, viewer) {
      const reader = findReader();
      const requestId = parseId(c.req.param("id"));
      const found = requestId === null || reader === null ? null : await readRecord(reader.find(requestId));
      // guard: a client's own exchange in the dashboard; without it: true
      const maySee = viewer.client === null || found?.request.client === viewer.client;
      if (found === null || !maySee) {
        throw new ApiError("not_found_error", "id: no request is recorded under it");
      }
      return describeExchange(found, new URL(c.req.url).origin);
    },
    async usage(c, viewer) {
      const reader = findReader();
      const by = parseGroup(c.req.query("by"));
      const filter = selectRequests(c.req.query("filter"), viewer);
      if (reader === null) return { by, sums: [], note: null };
      const told = createNote();
      const sums = await readRecord(reader.sum({ by, filter }, told.add));
      return { by, sums, note: told.text };
    },
    async sessions(c, viewer) {
      const reader = findReader();
      const filter = selectRequests(c.req.query("filter"), viewer);
      const limit = parseLimit(c.req.query("limit"));
      if (reader === null) return { sessions: [], note: null };
      const told = createNote();
      const sessions = await readRecord(reader.sessions({ filter, limit }, told.add));
      return { sessions, note: told.text };
    },
  };
}

/** Takes what a reader says of its answer. */
function createNote(): { add(text: string): void; readonly text: string | null } {
  let said: string | null = null;
  return {
    add(text) {
      said = text;
    },
    get text() {
      return said;
    },
  };
}

/** Why the record cannot be read, and what to do, is told as it is, without a stack. */
async function readRecord<Value>(reading: Promise<Value>): Promise<Value> {
  try {
    return await reading;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ApiError("api_error", `record: ${reason}`, { status: 503, cause });
  }
}

function describeExchange(exchange: RecordedExchange, proxyUrl: string): ExchangeAnswer {
  return {
    ...exchange,
    curl: buildUpstreamCurl(exchange),
    clientCurl: buildClientCurl(exchange, proxyUrl),
    replay: `claude-proxy replay ${exchange.request.requestId}`,
  };
}
