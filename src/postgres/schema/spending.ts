/**
 * What was spent against each cap, and what running requests may still spend. All amounts are picodollars: billionths of
 * a thousandth of a dollar, of which sums are exact.
 */
export const spendingSchema = `
create table proxy_spending (
  -- '' for everybody.
  client text collate "C" not null,
  -- day, month or session
  period text collate "C" not null,
  -- The first local day of it, as 2026-11-30, or the id of the session.
  start text collate "C" not null,
  spent_picousd bigint not null default 0,
  -- The sum of its reservations.
  reserved_picousd bigint not null default 0,
  -- Whether spent_picousd holds what the record says of the time before the counter.
  begun boolean not null default false,
  changed timestamptz not null default now(),
  primary key (client, period, start)
-- A counter changes with each request: room in its page keeps the index as it is.
) with (fillfactor = 50);
create table proxy_reservations (
  request text collate "C" not null,
  -- Whose request it is, of those in proxy_instances.
  instance text not null,
  client text collate "C" not null,
  period text collate "C" not null,
  start text collate "C" not null,
  picousd bigint not null,
  made timestamptz not null default now(),
  primary key (request, client, period, start)
);
`;
