-- An agreement has two versions that count: what decisions look at, and what is negotiated beside it. Before, the newest
-- version was both. Rules of every migration: see 0001_spine.sql.
alter table agreement
  add column in_force          integer,
  add column pending           integer,
  -- End of what is in force: the calendar's step is written into the log once.
  add column valid_until       timestamptz,
  add column expiry_noted_at   timestamptz;

-- Row level security is forced on the owner too, who has no policy here.
alter table agreement no force row level security;
alter table agreement_version no force row level security;
update agreement a
   set in_force = case when v.content ->> 'status' in ('draft', 'proposed') then null else a.version end,
       pending = case when v.content ->> 'status' in ('draft', 'proposed') then a.version end,
       valid_until = case when v.content ->> 'status' in ('active', 'suspended') then (v.content ->> 'validUntil')::timestamptz end
  from agreement_version v where v.agreement_id = a.id and v.version = a.version;
alter table agreement force row level security;
alter table agreement_version force row level security;

create index agreement_expiry on agreement (valid_until) where valid_until is not null and expiry_noted_at is null;
create policy expiry_read on agreement for select to relais_worker using (valid_until <= now());
create policy expiry_note on agreement for update to relais_worker using (valid_until <= now()) with check (true);
grant select (id, parties, in_force, valid_until, expiry_noted_at), update (expiry_noted_at) on agreement to relais_worker;

-- The paper that was signed, encrypted with a key of its own.
create table agreement_original (
  agreement_id      uuid not null,
  version           integer not null,
  parties           uuid[] not null check (cardinality(parties) >= 2),
  media_type        text not null check (media_type in ('application/pdf', 'image/png', 'image/jpeg')),
  -- SHA-256 (hex) of the scan.
  digest            text not null check (digest ~ '^[0-9a-f]{64}$'),
  key_id            uuid not null,
  wrapped_key       bytea not null,
  content           bytea not null,
  actor             jsonb not null,
  recorded_at       timestamptz not null default now(),
  primary key (agreement_id, version),
  foreign key (agreement_id, version) references agreement_version (agreement_id, version)
);
call make_append_only('agreement_original');
alter table agreement_original enable row level security, force row level security;
create policy party on agreement_original to relais_app
  using (parties @> array[(select current_organization())]) with check (parties @> array[(select current_organization())]);
grant select, insert on agreement_original to relais_app;

-- What was decided of late, for simulations: they read the decisions of transfers that were asked for, in the order of time.
create index decision_requested on decision (organization_id, decided_at, id) where receipt ->> 'stage' = 'request';
