/**
 * What was learned of upstreams, by the digest of what a lesson is about; an entry is the text that learned.json has of
 * it. A text may hold what no jsonb does.
 */
export const lessonsSchema = `
create table proxy_lessons (
  id text collate "C" primary key,
  -- Milliseconds since 1970: of two that are about the same the later one counts.
  at_ms bigint not null,
  is_clearing boolean not null,
  entry text not null
);
create table proxy_factors (
  id text collate "C" primary key,
  name text not null,
  factor double precision not null,
  learned timestamptz not null default now()
);
`;
