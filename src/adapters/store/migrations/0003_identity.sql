-- Identity: who may sign in, their sessions, the gateway's signing keys, and what was used once.
-- Rules of every migration: see 0001_spine.sql. Only relais_identity sees these tables.

-- ------------------------------------------------------------------------------------------------ staff
-- A person at the staff issuer. Names here are those of professionals; no person concerned is ever in this table.
create table staff (
  id                uuid primary key,
  organization_id   uuid not null references organization,
  issuer            text not null check (length(issuer) <= 2048),
  subject           text not null check (length(subject) <= 255),
  display_name      text not null default '' check (length(display_name) <= 120),
  -- Roles that `relais init` gave; roles from the issuer's claims live in the session alone.
  bound_roles       text[] not null default '{}'
    check (bound_roles <@ array['caseworker', 'agreement-owner', 'data-protection-officer', 'operator']),
  created_at        timestamptz not null default now(),
  signed_in_at      timestamptz,
  unique (issuer, subject)
);

create table staff_session (
  -- SHA-256 of the cookie: reading this table opens no session.
  id_hash           bytea primary key check (length(id_hash) = 32),
  organization_id   uuid not null references organization,
  staff_id          uuid not null references staff,
  roles             text[] not null,
  created_at        timestamptz not null default now(),
  last_seen_at      timestamptz not null default now()
) with (fillfactor = 80);
create index staff_session_created on staff_session (created_at);

-- A sign-in between the click and the issuer's answer. It belongs to nobody yet.
create table sign_in_attempt (
  id_hash           bytea primary key check (length(id_hash) = 32),
  return_to         text not null,
  created_at        timestamptz not null default now()
);
create index sign_in_attempt_created on sign_in_attempt (created_at);

-- One row: `relais init` runs once.
create table installation (
  singleton         boolean primary key default true check (singleton),
  organization_id   uuid not null references organization,
  staff_id          uuid not null references staff,
  initialised_at    timestamptz not null default now()
);

-- ------------------------------------------------------------------------------------------------ keys, replay
-- The gateway's own keys; the private part is encrypted under a key derived from the master key.
create table signing_key (
  kid               text primary key,
  purpose           text not null check (purpose in ('access-token', 'client-assertion')),
  public_jwk        jsonb not null check (not public_jwk ?| array['d', 'p', 'q', 'k']),
  sealed_private    bytea not null,
  created_at        timestamptz not null default now(),
  -- Published before it signs, so that every verifier knows it by then.
  signs_from        timestamptz not null default now(),
  retires_at        timestamptz
);

-- Client assertions that were used: the first insert wins, whichever process it comes from.
create table used_assertion (
  id                text primary key check (length(id) <= 64),
  expires_at        timestamptz not null
);
create index used_assertion_expires on used_assertion (expires_at);

-- ------------------------------------------------------------------------------------------------ row level security
do $$
declare name text;
begin
  foreach name in array array['staff', 'staff_session', 'sign_in_attempt', 'installation', 'signing_key', 'used_assertion'] loop
    execute format('alter table relais.%I enable row level security, force row level security', name);
    execute format('create policy identity on relais.%I to relais_identity using (true) with check (true)', name);
  end loop;
end $$;

grant select, insert on staff, installation, signing_key to relais_identity;
grant update (organization_id, display_name, signed_in_at) on staff to relais_identity;
grant update (retires_at) on signing_key to relais_identity;
grant select, insert, delete on staff_session, sign_in_attempt, used_assertion to relais_identity;
grant update (last_seen_at) on staff_session to relais_identity;
