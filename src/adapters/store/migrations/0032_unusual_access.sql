-- How many files somebody opens, how often they search, and who asked for more than that (docs/threats.md, 17 and 38). Rules of
-- every migration: see 0001_spine.sql.

-- Files that a member of staff opened within the last hour without a tie to them. Forgotten after it.
create table file_opening (
  organization_id   uuid not null references organization,
  staff_id          text not null,
  -- A person, or a transfer that was received: its recipient has no id of the person.
  file_id           uuid not null,
  opened_at         timestamptz not null default now(),
  primary key (organization_id, staff_id, file_id)
);
create index file_opening_opened on file_opening (organization_id, opened_at);

-- Searches for persons, by whoever asked and the minute; how many, never for whom. Forgotten after an hour.
create table search_count (
  organization_id   uuid not null references organization,
  actor_id          text not null,
  minute            timestamptz not null,
  searches          integer not null,
  primary key (organization_id, actor_id, minute)
);
create index search_count_minute on search_count (organization_id, minute);

-- What was refused because it was more than that: one row for each time, however often it was tried. For the
-- data-protection officer alone.
create table unusual_access (
  organization_id   uuid not null references organization,
  id                uuid not null,
  kind              text not null check (kind in ('files', 'searches')),
  actor_type        text not null,
  actor_id          text not null,
  most              integer not null,
  refused           integer not null default 1,
  began_at          timestamptz not null default now(),
  last_at           timestamptz not null default now(),
  primary key (organization_id, id)
);
create index unusual_access_last on unusual_access (organization_id, last_at desc);

alter table file_opening enable row level security, force row level security;
create policy own on file_opening to relais_app
  using (organization_id = (select current_organization())) with check (organization_id = (select current_organization()));
grant select, insert, update, delete on file_opening to relais_app;

alter table search_count enable row level security, force row level security;
create policy own on search_count to relais_app
  using (organization_id = (select current_organization())) with check (organization_id = (select current_organization()));
grant select, insert, update, delete on search_count to relais_app;

alter table unusual_access enable row level security, force row level security;
create policy own on unusual_access to relais_app
  using (organization_id = (select current_organization())) with check (organization_id = (select current_organization()));
grant select, insert, update, delete on unusual_access to relais_app;
