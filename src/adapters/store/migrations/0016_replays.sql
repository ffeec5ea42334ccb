-- Dead letters that are sent again, and operators who stop and look. Rules of every migration: see 0001_spine.sql.

-- Attempts are numbered through; how many an attempt's series may have counts from the last replay.
alter table outbox
  add column replays             integer not null default 0,
  add column attempts_before     integer not null default 0;

-- Dead letters of an organization, for replays by filter: few, and in no other index.
create index transfer_failed on transfer (sender_organization_id, requested_at) where status = 'failed';

-- What an operator sees of the dispatcher: ids, leases and times.
create policy operate on outbox for select to relais_identity using (true);
grant select (partner_id, open, next_attempt_at, enqueued_at, lease_until, due_at) on outbox to relais_identity;
-- A gateway says beside its readiness that deliveries are stopped.
create policy readiness on delivery_switch for select to relais_app using (true);
grant select on delivery_switch to relais_app;
-- Announcements are held back from a partner that is stopped; their address is read as the organization that announces.
grant select (stopped_at) on partner_delivery to relais_app;
