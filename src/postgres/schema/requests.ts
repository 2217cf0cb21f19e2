/**
 * The record: the columns of the embedded one under the same names. `txid` comes first, so that a request's transaction
 * has its number before the request has its: whoever follows the record reads only what no running transaction can come
 * before.
 */
export const requestsSchema = `
create table proxy_requests (
  txid xid8 not null default pg_current_xact_id(),
  seq bigint generated always as identity,
  id text collate "C" not null,
  time bigint not null,
  path text not null,
  client text,
  session text,
  agent text,
  parent_agent text,
  agent_type text,
  kind text,
  asked_model text,
  rule text,
  upstream text,
  model text,
  family text,
  protocol text,
  stream bigint,
  status bigint not null,
  stop_reason text,
  input_tokens bigint,
  output_tokens bigint,
  cache_read_tokens bigint,
  cache_write_tokens bigint,
  thinking_tokens bigint,
  usage_estimated bigint not null,
  estimated_tokens bigint,
  estimate_error double precision,
  "window" bigint,
  request_bytes bigint,
  sent_bytes bigint,
  received_bytes bigint not null,
  answer_bytes bigint not null,
  first_byte_ms double precision,
  duration_ms double precision not null,
  tokens_per_second double precision,
  -- In billionths of a thousandth of a dollar: sums of whole numbers are exact.
  cost_picousd bigint,
  cost_source text,
  sends bigint not null,
  attempts text,
  changes text,
  error_type text,
  error_message text,
  phase text,
  cause_code text,
  upstream_request_id text,
  prefix_same bigint,
  prefix_previous bigint,
  prefix_place text,
  -- Whose request it was, of those in proxy_instances.
  instance text,
  -- A request that was sent twice, as nobody knew whether it had arrived, is there once.
  primary key (id, time)
);
create unique index proxy_requests_by_seq on proxy_requests (seq);
create index proxy_requests_by_time on proxy_requests (time, seq);
-- With all that the usual sums and filters need, so that they read no row; and only of those that are summed up.
create index proxy_requests_to_sum on proxy_requests (time) include (
  status, error_type, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, thinking_tokens,
  cost_picousd, sends, first_byte_ms, model, upstream, client, kind, session
) where path like '%/messages';
create index proxy_requests_by_session on proxy_requests (session, time) where session is not null;
create table proxy_bodies (
  seq bigint not null,
  name text not null,
  send bigint not null,
  head text,
  bytes bigint not null,
  is_cut bigint not null,
  -- The text in UTF-8, packed with Zstandard: to pack it once more would be in vain.
  content bytea not null,
  primary key (seq, name, send)
);
alter table proxy_bodies alter column content set storage external;
`;
