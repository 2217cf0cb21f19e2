/** Which instances live: a row each, which says by the database's own clock when it was last heard of. */
export const instancesSchema = `
create table proxy_instances (
  id text collate "C" primary key,
  host text not null,
  version text not null,
  -- Where it listens.
  address text not null,
  started timestamptz not null default now(),
  seen timestamptz not null default now(),
  -- Since when it is heard of again and again: after a silence of the database nobody knows who lives.
  heard_since timestamptz not null default now()
);
`;
