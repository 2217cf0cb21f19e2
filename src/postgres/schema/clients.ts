/** Who may ask, and the numbers by which instances notice changes of small tables without reading them. */
export const clientsSchema = `
create table proxy_clients (
  name text collate "C" not null,
  -- SHA-256 of the key in hexadecimal digits: the key itself is nowhere.
  key_digest text collate "C" not null,
  usd_per_day double precision,
  usd_per_month double precision,
  requests_per_minute integer,
  -- A list of patterns; null for all targets.
  models jsonb,
  admin boolean not null default false,
  created timestamptz not null default now(),
  -- A row stays: once there were clients, nobody without a key is admitted any more.
  removed timestamptz
);
create unique index proxy_clients_by_name on proxy_clients (name) where removed is null;
create unique index proxy_clients_by_key on proxy_clients (key_digest);
create table proxy_revisions (
  name text collate "C" primary key,
  revision bigint not null default 0
);
insert into proxy_revisions (name) values ('clients'), ('lessons'), ('factors');
`;
