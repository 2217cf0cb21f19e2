/**
 * The forms that the record has had, one step each: `pragma user_version` is the number of steps that were made. A step
 * that was released is never changed.
 */
export const migrations: readonly string[] = [
  `create table requests (
    seq integer primary key,
    id text not null,
    time integer not null,
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
    stream integer,
    status integer not null,
    stop_reason text,
    input_tokens integer,
    output_tokens integer,
    cache_read_tokens integer,
    cache_write_tokens integer,
    thinking_tokens integer,
    usage_estimated integer not null,
    estimated_tokens integer,
    estimate_error real,
    window integer,
    request_bytes integer,
    sent_bytes integer,
    received_bytes integer not null,
    answer_bytes integer not null,
    first_byte_ms real,
    duration_ms real not null,
    tokens_per_second real,
    -- In billionths of a thousandth of a dollar: sums of whole numbers are exact.
    cost_picousd integer,
    cost_source text,
    sends integer not null,
    -- What is null, or as in the columns upstream and model, is left out of each attempt.
    attempts text,
    -- Null if nothing was changed; lists that are empty are left out.
    changes text,
    error_type text,
    error_message text,
    phase text,
    cause_code text,
    upstream_request_id text,
    prefix_same integer,
    prefix_previous integer,
    prefix_place text
  ) strict;
  -- With all that the usual sums and filters need, so that they read no row.
  create index requests_by_time on requests (
    time, (path glob '*/messages'), status, error_type, input_tokens, output_tokens, cache_read_tokens,
    cache_write_tokens, thinking_tokens, cost_picousd, sends, first_byte_ms, model
  );
  -- By time first: as ids are random, an index that begins with them would write a page of its own for each request.
  create unique index requests_by_id on requests (time, id);
  create index requests_by_session on requests (session, time, (path glob '*/messages')) where session is not null;
  create table bodies (
    seq integer not null,
    name text not null,
    send integer not null,
    head text,
    bytes integer not null,
    is_cut integer not null,
    -- The text in UTF-8, packed with Zstandard.
    content blob not null,
    primary key (seq, name, send)
  ) strict;`,
];
