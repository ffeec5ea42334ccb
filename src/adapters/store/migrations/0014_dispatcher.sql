-- The dispatcher: what each partner may be sent at once, and how it stands. Rules of every migration: see 0001_spine.sql.

-- One row for each partner: limits that an operator sets, and a state that all processes share. Nothing of a record or a
-- person; the directory's own table keeps the addresses, which the dispatcher never reads.
create table partner_delivery (
  partner_id         uuid primary key references partner,
  -- Deliveries that are handed out and not finished, over all processes.
  max_in_flight      integer not null default 8 check (max_in_flight between 1 and 256),
  -- Token bucket: what it fills with in a second, and what it holds.
  rate_per_second    double precision not null default 250 check (rate_per_second > 0 and rate_per_second <= 100000),
  burst              integer not null default 500 check (burst between 1 and 1000000),
  -- Circuit breaker: so many failures in a row open it, for so long at first.
  breaker_failures   integer not null default 5 check (breaker_failures between 1 and 1000),
  breaker_pause_ms   integer not null default 5000 check (breaker_pause_ms between 100 and 3600000),

  tokens             double precision not null default 'infinity' check (tokens >= 0),
  tokens_at          timestamptz not null default '-infinity',
  -- Counts the hand-outs: who was decided on an older count hands out nothing (take-due.ts).
  turn               bigint not null default 0,
  last_taken_at      timestamptz not null default '-infinity',
  -- In a row. At `breaker_failures` the breaker is open until `open_until`, and half open after it.
  failures           integer not null default 0 check (failures >= 0),
  open_until         timestamptz,
  -- The partner itself asked for a pause (Retry-After).
  paused_until       timestamptz,
  -- An operator stopped it.
  stopped_at         timestamptz,
  stopped_by         jsonb,
  check ((stopped_at is null) = (stopped_by is null))
) with (fillfactor = 50);

-- "Stop everything": one row.
create table delivery_switch (
  singleton          boolean primary key default true check (singleton),
  stopped_at         timestamptz,
  stopped_by         jsonb,
  check ((stopped_at is null) = (stopped_by is null))
);
insert into delivery_switch default values;

insert into partner_delivery (partner_id) select id from partner;
create function give_partner_limits() returns trigger language plpgsql set search_path = relais, pg_catalog as $$
begin
  insert into partner_delivery (partner_id) values (new.id);
  return new;
end $$;
create trigger partner_limits after insert on partner for each row execute function give_partner_limits();
revoke execute on function give_partner_limits() from public;
grant execute on function give_partner_limits() to relais_identity;

-- Whom a delivery goes to, and its place in the order of one person's deliveries to one partner: retries move
-- `next_attempt_at` and never this.
alter table outbox add column partner_id uuid references partner, add column due_at timestamptz;
alter table outbox no force row level security;
alter table transfer no force row level security;
update outbox o set partner_id = t.recipient_partner_id, due_at = greatest(t.requested_at, t.send_after)
  from transfer t where t.id = o.transfer_id;
alter table outbox force row level security;
alter table transfer force row level security;
alter table outbox alter column partner_id set not null, alter column due_at set not null;

drop index outbox_due;
drop index outbox_enqueued;
create index outbox_due on outbox (partner_id, next_attempt_at) where open and enqueued_at is null;
create index outbox_taken on outbox (partner_id) where open and enqueued_at is not null;
create index outbox_order on outbox (partner_id, person_id, due_at, transfer_id) where open;

alter table partner_delivery enable row level security, force row level security;
alter table delivery_switch enable row level security, force row level security;
create policy dispatch on partner_delivery to relais_worker using (true) with check (true);
create policy outcome_read on partner_delivery for select to relais_app using (true);
create policy outcome on partner_delivery for update to relais_app using (true) with check (true);
create policy operate on partner_delivery to relais_identity using (true) with check (true);
create policy dispatch on delivery_switch for select to relais_worker using (true);
create policy operate on delivery_switch to relais_identity using (true) with check (true);

grant select, update (tokens, tokens_at, turn, last_taken_at) on partner_delivery to relais_worker;
grant select (partner_id, breaker_failures, breaker_pause_ms, failures, open_until, paused_until),
  update (failures, open_until, paused_until) on partner_delivery to relais_app;
grant select, insert, update on partner_delivery to relais_identity;
grant select on delivery_switch to relais_worker;
grant select, update on delivery_switch to relais_identity;
