/**
 * The statements of caps that several instances share. Counters are always locked in the order of their key: instances
 * that settle and reserve at the same time would wait for each other without end.
 */

const key = "client, period, start";
const isSameCounter = (one: string, other: string) =>
  `${one}.client = ${other}.client and ${one}.period = ${other}.period and ${one}.start = ${other}.start`;

/**
 * Reserves $2 picodollars for the request $3 of the instance $4 at all counters of $1, or at none: JSON of `client`,
 * `period`, `start`, `most` (picodollars) and `alone` (nothing else of this instance is reserved there). A counter has
 * room if all of it stays within `most`; one request of each instance only needs that `most` is not spent. Of more than
 * `most` only a bit more is reserved: it keeps out the same, and many of them are still a number. Gives a row for
 * each counter that exists, as it was before: `is_held` says whether anything was reserved.
 */
export const reserveSql = `
with wanted as (
  select * from jsonb_to_recordset($1::text::jsonb)
    as w (client text, period text, start text, most bigint, alone boolean)
),
-- A reservation that a failing server forgets was worth nothing any more: nobody waits for its disk.
hasty as materialized (select set_config('synchronous_commit', 'off', true) as value),
counters as (
  select s.client, s.period, s.start, s.spent_picousd, s.reserved_picousd, s.begun, w.most, w.alone,
    least($2::int8, w.most + 1) as more
  from proxy_spending s
  join wanted w on ${isSameCounter("s", "w")}
  where exists (select from hasty where value = 'off')
  order by s.client, s.period, s.start
  for no key update of s
),
verdict as (
  select count(*) = (select count(*) from wanted) and coalesce(bool_and(
    begun and (
      spent_picousd + reserved_picousd + more <= most or (alone and spent_picousd < most)
    )
  ), false) as is_held
  from counters
),
reserved as (
  update proxy_spending s set reserved_picousd = s.reserved_picousd + c.more, changed = now()
  from counters c, verdict v
  where v.is_held and ${isSameCounter("s", "c")}
),
noted as (
  insert into proxy_reservations as r (request, instance, ${key}, picousd)
  select $3::text, $4::text, c.client, c.period, c.start, c.more
  from counters c, verdict v
  where v.is_held
  on conflict (request, ${key}) do update set picousd = r.picousd + excluded.picousd
)
select c.client, c.period, c.start, c.spent_picousd, c.reserved_picousd, c.begun, v.is_held
from counters c, verdict v`;

/**
 * Makes the counter $1, $2, $3 if it is new, and lets the server end this transaction when nothing comes for $4
 * milliseconds: without an end of its own the lock of an instance that vanished would hold up the record of all.
 */
export const createCounterSql = `
insert into proxy_spending (${key})
select $1::text, $2::text, $3::text
from (select set_config('idle_in_transaction_session_timeout', $4::text, true)) as limited
on conflict do nothing`;

/** Locks the counter $1, $2, $3. */
export const lockCounterSql = `
select begun from proxy_spending where client = $1::text and period = $2::text and start = $3::text
for no key update`;

/** What the record says was spent before: $4 picodollars at least. */
export const beginCounterSql = `
update proxy_spending set spent_picousd = greatest(spent_picousd, $4::int8), begun = true, changed = now()
where client = $1::text and period = $2::text and start = $3::text`;

/** What was spent against the counters of $1: JSON of `client`, `period` and `start`. */
export const readCountersSql = `
select s.client, s.period, s.start, s.spent_picousd
from proxy_spending s
join jsonb_to_recordset($1::text::jsonb) as w (client text, period text, start text)
  on ${isSameCounter("s", "w")}`;

/** What follows the reservations `gone` (client, period, start, picousd): less is reserved. */
const releaseGone = `
less as (select ${key}, sum(picousd)::int8 as picousd from gone group by ${key}),
locked as (
  select s.client, s.period, s.start, l.picousd
  from proxy_spending s
  join less l on ${isSameCounter("s", "l")}
  order by s.client, s.period, s.start
  for no key update of s
)
update proxy_spending s set reserved_picousd = s.reserved_picousd - l.picousd, changed = now()
from locked l
where ${isSameCounter("s", "l")}`;

/** Takes back what is reserved for the request $1. */
export const releaseRequestSql = `
with gone as (
  delete from proxy_reservations where request = $1::text returning ${key}, picousd
),${releaseGone}`;

/**
 * Takes back what the instance $1 has reserved for requests that are not in $2, a JSON list of ids: nobody knows whether
 * a reservation was made whose answer did not come. Those that were just made are left alone.
 */
export const releaseForgottenSql = `
with mine as (
  select ctid as place from proxy_reservations
  where instance = $1::text and made < now() - interval '30 seconds'
    and request not in (select jsonb_array_elements_text($2::text::jsonb))
  for update skip locked
),
gone as (
  delete from proxy_reservations where ctid in (select place from mine) returning ${key}, picousd
),${releaseGone}`;

/**
 * Takes back what instances had reserved that have not been seen for $1 seconds. Some other instance was seen all that
 * time: after a silence of the database itself those that live have not been seen either.
 */
export const releaseDeadSql = `
with dead as (
  select r.ctid as place from proxy_reservations r
  where r.made < now() - make_interval(secs => $1::float8)
    and exists (
      select from proxy_instances i
      where i.seen > now() - interval '20 seconds' and i.heard_since < now() - make_interval(secs => $1::float8)
    )
    and not exists (
      select from proxy_instances i
      where i.id = r.instance and i.seen > now() - make_interval(secs => $1::float8)
    )
  for update of r skip locked
),
gone as (
  delete from proxy_reservations where ctid in (select place from dead) returning ${key}, picousd
),${releaseGone}`;

/** Forgets counters of periods that ended long ago, and of sessions that nobody has gone on with. */
export const forgetCountersSql = `
delete from proxy_spending where changed < now() - interval '100 days' and reserved_picousd = 0`;

/**
 * The last part of the statement that adds requests to the record: their charges are counted and their reservations
 * end, in the same transaction. Of a request that was in the record already nothing is counted.
 * @param inserted the name of a query before it, with the `id` of each request that was really inserted
 * @param charges the parameter with their charges: JSON, as a text, of objects with the id of a `request`, and
 *   `client`, `period`, `start` and `picousd`
 * @returns two queries of a `with`, `gone` and `charged`, without a comma before or behind
 */
export function settleCharges(inserted: string, charges: string): string {
  return `gone as (
  delete from proxy_reservations r using ${inserted} i where r.request = i.id
  returning r.client, r.period, r.start, r.picousd
),
charged as (
  insert into proxy_spending as s (${key}, spent_picousd, reserved_picousd)
  select ${key}, sum(spent)::int8, -sum(reserved)::int8
  from (
    select c.client, c.period, c.start, c.picousd as spent, 0 as reserved
    from jsonb_to_recordset(${charges}::text::jsonb)
      as c (request text, client text, period text, start text, picousd int8)
    join ${inserted} i on i.id = c.request
    union all
    select ${key}, 0, picousd from gone
  ) as changes
  group by ${key}
  order by ${key}
  on conflict (${key}) do update set
    spent_picousd = s.spent_picousd + excluded.spent_picousd,
    reserved_picousd = s.reserved_picousd + excluded.reserved_picousd,
    changed = now()
)`;
}
