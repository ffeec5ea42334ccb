-- Partners that an operator looks after: keys that end at a stated time, a suspension that lets what waits wait, and tests of
-- an endpoint. Rules of every migration: see 0001_spine.sql.

-- The keys before the present ones ({"jwks": …} or {"jwksUri": …}) count until then, so that the partner can change over.
alter table partner add column former_keys jsonb, add column former_keys_end_at timestamptz;
alter table partner add constraint former_keys_end check ((former_keys is null) = (former_keys_end_at is null));

-- A suspended partner is sent nothing, and what waits for it waits: who lifts the suspension starts its deliveries again,
-- unless an operator had stopped them by themselves.
alter table partner_delivery add column suspended boolean not null default false;
alter table partner_delivery add constraint suspended_is_stopped check (not suspended or stopped_at is not null);
alter table partner no force row level security;
alter table partner_delivery no force row level security;
update partner_delivery d
   set stopped_at = clock_timestamp(), stopped_by = '{"type": "system", "id": "migration", "organizationId": null}', suspended = true
  from partner p where p.id = d.partner_id and p.status = 'suspended' and d.stopped_at is null;
alter table partner force row level security;
alter table partner_delivery force row level security;

-- What an endpoint answered when an operator tried it: steps, codes and times, nothing that the partner said.
create table partner_test (
  id          uuid primary key,
  partner_id  uuid not null references partner,
  -- As it was registered then: a test of another address says nothing of this one.
  endpoint    jsonb not null,
  started_at  timestamptz not null default clock_timestamp(),
  steps       jsonb not null default '[]',
  ended_at    timestamptz,
  passed      boolean,
  check ((ended_at is null) = (passed is null))
);
create index partner_test_newest on partner_test (partner_id, started_at desc);
alter table partner_test enable row level security, force row level security;
create policy operate on partner_test to relais_identity using (true) with check (true);
grant select, insert, delete on partner_test to relais_identity;
grant update (steps, ended_at, passed) on partner_test to relais_identity;
