-- Access without an account: a one-time link and a code that travels by another channel, and the session that both open
-- (docs/access-links.md). Nothing here names anybody or holds what a record says; hashes, ids, codes and times.
-- Rules of every migration: see 0001_spine.sql.

create table access_link (
  id                          uuid primary key,
  -- `person`: whoever the record is about reads their report. `guest`: a recipient without a system reads one transfer.
  kind                        text not null check (kind in ('person', 'guest')),
  -- Who made it, and may make it worthless.
  organization_id             uuid not null references organization,
  person_id                   uuid not null,
  transfer_id                 uuid references transfer,
  -- As whom a guest acts.
  recipient_organization_id   uuid references organization,
  lang                        text not null check (lang in ('en', 'fr')),
  -- SHA-256 of 256 random bits: reading this table opens nothing.
  token_hash                  bytea not null unique check (length(token_hash) = 32),
  -- scrypt over a keyed hash; null until a code was made. Without the master key it cannot be tried.
  code_hash                   bytea check (length(code_hash) = 32),
  actor                       jsonb not null,
  created_at                  timestamptz not null default now(),
  expires_at                  timestamptz not null,
  -- Codes that were tried; the fifth wrong one locks it.
  attempts                    integer not null default 0 check (attempts between 0 and 5),
  opened_at                   timestamptz,
  revoked_at                  timestamptz,
  revoked_by                  jsonb,
  foreign key (organization_id, person_id) references person (organization_id, id),
  check ((kind = 'guest') = (transfer_id is not null)),
  check ((kind = 'guest') = (recipient_organization_id is not null)),
  check ((revoked_at is null) = (revoked_by is null)),
  unique (transfer_id)
);
create index access_link_person on access_link (organization_id, person_id);
create index access_link_expires on access_link (expires_at);

create table access_session (
  -- SHA-256 of the cookie.
  id_hash                     bytea primary key check (length(id_hash) = 32),
  organization_id             uuid not null references organization,
  link_id                     uuid not null references access_link on delete cascade,
  created_at                  timestamptz not null default now(),
  last_seen_at                timestamptz not null default now()
) with (fillfactor = 80);
create index access_session_link on access_session (link_id);
create index access_session_created on access_session (created_at);

alter table access_link enable row level security, force row level security;
alter table access_session enable row level security, force row level security;
create policy own on access_link to relais_app
  using (organization_id = (select current_organization())) with check (organization_id = (select current_organization()));
-- Who holds a link belongs to no organization yet.
create policy identity on access_link to relais_identity using (true) with check (true);
create policy identity on access_session to relais_identity using (true) with check (true);

grant select, insert, delete on access_link to relais_app;
grant update (token_hash, code_hash, attempts, expires_at, opened_at, revoked_at, revoked_by) on access_link to relais_app;
grant select, delete on access_link to relais_identity;
grant update (attempts, opened_at) on access_link to relais_identity;
grant select, insert, delete on access_session to relais_identity;
grant update (last_seen_at) on access_session to relais_identity;
