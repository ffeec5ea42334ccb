-- The spine: organizations, persons, cases, consents, agreements, transfers, their queue and their proof.
--
-- Rules that every migration keeps (test/adapters/store/catalog.test.ts reads them from the catalog):
--   * a table carries its organization(s) and has FORCE ROW LEVEL SECURITY with a policy for each role that may see it;
--   * runtime logins own nothing: they act as one of the three roles below;
--   * what a person said or wrote is bytea, encrypted by the gateway (src/adapters/store/crypto);
--   * append-only tables refuse UPDATE, DELETE and TRUNCATE, of the owner too.
-- The migrator has set search_path to the schema `relais`.

-- ------------------------------------------------------------------------------------------------ roles
-- Roles belong to the whole server: another database of it may make them at the same moment.
do $$
declare name text;
begin
  foreach name in array array['relais_app', 'relais_worker', 'relais_identity'] loop
    begin
      if not exists (select from pg_roles where rolname = name) then
        execute format('create role %I nologin noinherit', name);
      end if;
    exception when duplicate_object or unique_violation then
      null;
    end;
  end loop;
end $$;

grant usage on schema relais to relais_app, relais_worker, relais_identity;

-- The organization that a transaction speaks for; null, and so no row at all, when none was set.
create function current_organization() returns uuid language sql stable parallel safe
  return nullif(current_setting('relais.organization', true), '')::uuid;

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'append-only: %', tg_table_name using errcode = 'restrict_violation';
end $$;

create procedure make_append_only(target regclass) language plpgsql as $$
begin
  execute format('create trigger append_only before update or delete on %s for each row execute function relais.refuse_change()', target);
  execute format('create trigger append_only_all before truncate on %s for each statement execute function relais.refuse_change()', target);
end $$;

-- ------------------------------------------------------------------------------------------------ directory
create table organization (
  id                       uuid primary key,
  name                     text not null,
  sector                   text not null check (sector in ('social', 'health', 'housing')),
  function_en              text not null,
  function_fr              text not null,
  secrecy                  text not null check (secrecy in ('professional-secrecy', 'duty-of-discretion', 'none')),
  confidential_by_nature   boolean not null default false,
  created_at               timestamptz not null default now()
);

-- A system of an organization. Public keys and addresses: nothing secret, so that senders can find it.
create table partner (
  id                uuid primary key,
  organization_id   uuid not null references organization,
  name              text not null,
  status            text not null check (status in ('active', 'suspended')),
  client_id         text not null,
  issuer            text not null,
  jwks              jsonb,
  jwks_uri          text,
  scopes            text[] not null,
  endpoint          jsonb,
  webhook           jsonb,
  created_at        timestamptz not null default now(),
  unique (issuer, client_id)
);
create index partner_organization on partner (organization_id, created_at);

-- One sequence for each organization gives its short references (R-0142): nextval holds no lock until commit, which a
-- counter row would, one transfer at a time.
create function make_reference_sequence() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  execute format('create sequence relais.%I', 'reference_' || replace(new.id::text, '-', ''));
  execute format('grant usage on sequence relais.%I to relais_app', 'reference_' || replace(new.id::text, '-', ''));
  return new;
end $$;
create trigger reference_sequence after insert on organization for each row execute function make_reference_sequence();

create function next_reference(organization uuid) returns text language sql volatile as $$
  select 'R-' || lpad(n::text, greatest(4, length(n::text)), '0')
  from nextval(('relais.reference_' || replace(organization::text, '-', ''))::regclass) n
$$;

-- ------------------------------------------------------------------------------------------------ persons and cases
create table person (
  id                uuid primary key,
  organization_id   uuid not null references organization,
  -- Keyed hash of the agency's own key of the person; null once erased.
  key_hash          bytea,
  -- The person's data key, wrapped by the master key; null once erased, and with it everything below is unreadable.
  wrapped_key       bytea,
  deceased          boolean not null default false,
  created_at        timestamptz not null default now(),
  erased_at         timestamptz,
  unique (organization_id, id),
  unique (organization_id, key_hash),
  check ((erased_at is null) = (wrapped_key is not null))
);

create table case_version (
  organization_id   uuid not null,
  case_id           text not null check (case_id ~ '^[A-Za-z0-9._-]{1,64}$'),
  version           integer not null check (version > 0),
  person_id         uuid not null,
  content           bytea not null,
  -- Keyed hash of the content: tells whether an import changes anything without decrypting.
  content_hash      bytea not null,
  deceased          boolean not null,
  actor             jsonb not null,
  stored_at         timestamptz not null default now(),
  primary key (organization_id, case_id, version),
  foreign key (organization_id, person_id) references person (organization_id, id)
);
create index case_version_person on case_version (organization_id, person_id, case_id, version desc);

-- Blind index: keyed hashes of normalised names, identifiers and birth dates compounded with a name.
create table person_index (
  organization_id   uuid not null,
  token             bytea not null,
  person_id         uuid not null,
  case_id           text not null,
  primary key (organization_id, token, person_id, case_id),
  foreign key (organization_id, person_id) references person (organization_id, id)
);
create index person_index_case on person_index (organization_id, case_id);
create index person_index_person on person_index (organization_id, person_id);

create table consent_version (
  organization_id   uuid not null,
  consent_id        uuid not null,
  version           integer not null check (version > 0),
  person_id         uuid not null,
  resource          bytea not null,
  -- Ids, codes and times (domain/consent/terms).
  terms             jsonb not null,
  -- Whom the rules name; null when a rule names nobody and so concerns everybody.
  recipients        uuid[],
  actor             jsonb not null,
  recorded_at       timestamptz not null default now(),
  primary key (organization_id, consent_id, version),
  foreign key (organization_id, person_id) references person (organization_id, id)
);
create index consent_version_person on consent_version (organization_id, person_id, consent_id, version desc);

-- ------------------------------------------------------------------------------------------------ agreements, mappings
create table agreement (
  id                uuid primary key,
  version           integer not null check (version > 0),
  parties           uuid[] not null check (cardinality(parties) >= 2),
  updated_at        timestamptz not null default now()
);
create index agreement_parties on agreement using gin (parties);

create table agreement_version (
  agreement_id      uuid not null references agreement deferrable initially deferred,
  version           integer not null check (version > 0),
  parties           uuid[] not null check (cardinality(parties) >= 2),
  content           jsonb not null,
  actor             jsonb not null,
  recorded_at       timestamptz not null default now(),
  primary key (agreement_id, version)
);

-- What a decision's mapping version stands for. Packs that come with the gateway have no organization.
create table mapping_version (
  version           text primary key,
  organization_id   uuid references organization,
  name              text not null,
  -- File name → text of the map files.
  files             jsonb not null,
  recorded_at       timestamptz not null default now()
);

-- ------------------------------------------------------------------------------------------------ transfers
create table transfer (
  id                          uuid primary key,
  sender_organization_id      uuid not null references organization,
  -- A refused request may name a recipient that does not exist: no foreign key.
  recipient_organization_id   uuid not null,
  recipient_partner_id        uuid references partner,
  reference                   text not null,
  status                      text not null check (status in
    ('held', 'queued', 'sending', 'delivered', 'refused', 'stopped', 'cancelled', 'needs-review', 'failed')),
  case_id                     text not null,
  case_version                integer,
  person_id                   uuid references person,
  task_id                     uuid unique,
  purpose                     text not null,
  ground                      jsonb,
  ground_kind                 text not null,
  -- What the author stated (a justification in words): encrypted under the person's data key.
  stated                      bytea,
  requested                   integer,
  permitted                   integer not null,
  agreement_id                uuid,
  agreement_version           integer,
  purge_after_days            integer,
  mapping_version             text,
  reasons                     jsonb not null,
  withheld_elements           integer not null default 0,
  digest                      text,
  actor                       jsonb not null,
  requested_at                timestamptz not null default now(),
  send_after                  timestamptz,
  answer_expected_by          timestamptz,
  delivered_at                timestamptz,
  purge_at                    timestamptz,
  content_purged_at           timestamptz
) with (fillfactor = 80);
create index transfer_sender on transfer (sender_organization_id, requested_at desc);
create index transfer_person on transfer (sender_organization_id, person_id, requested_at desc);
create index transfer_recipient on transfer (recipient_organization_id, requested_at desc) where delivered_at is not null;

-- The bytes that leave, and the key that they and the messages about them are encrypted with. Deleting the row is the
-- purge: the messages of the timeline become unreadable with it.
create table transfer_content (
  transfer_id                 uuid primary key references transfer,
  sender_organization_id      uuid not null,
  recipient_organization_id   uuid not null,
  person_id                   uuid not null,
  key_id                      uuid not null,
  wrapped_key                 bytea not null,
  -- Null when only messages that came after a purge are kept.
  wire                        bytea,
  delivered_at                timestamptz,
  purge_at                    timestamptz
);
create index transfer_content_due on transfer_content (purge_at) where purge_at is not null;
create index transfer_content_person on transfer_content (sender_organization_id, person_id);

create table transfer_event (
  transfer_id                 uuid not null references transfer,
  position                    bigint generated always as identity,
  sender_organization_id      uuid not null,
  recipient_organization_id   uuid not null,
  -- The recipient sees what happened from the delivery on; what it answers is written by the sender's transaction.
  shared                      boolean not null,
  at                          timestamptz not null default clock_timestamp(),
  status                      text not null,
  actor                       jsonb not null,
  reasons                     jsonb not null default '[]',
  -- Code of what went wrong (`http-500`), never the partner's words.
  cause                       text check (length(cause) <= 100),
  key_id                      uuid,
  message                     bytea,
  primary key (transfer_id, position)
);

create table referral (
  transfer_id                 uuid primary key references transfer,
  sender_organization_id      uuid not null,
  recipient_organization_id   uuid not null,
  status                      text not null,
  updated_at                  timestamptz not null default now()
);

create table receipt (
  transfer_id                 uuid primary key references transfer,
  sender_organization_id      uuid not null,
  recipient_organization_id   uuid not null,
  status                      integer not null,
  digest                      text not null,
  location                    text,
  received_at                 timestamptz not null default now()
);

create table idempotency_key (
  organization_id   uuid not null,
  -- Keyed hash: a caller's key may say anything.
  key_hash          bytea not null,
  request_digest    text not null,
  transfer_id       uuid not null,
  created_at        timestamptz not null default now(),
  primary key (organization_id, key_hash)
);

-- ------------------------------------------------------------------------------------------------ outbox
-- One row for each delivery to do. The truth about who holds it is here, not in the queue.
create table outbox (
  transfer_id                 uuid primary key references transfer,
  organization_id             uuid not null,
  recipient_organization_id   uuid not null,
  person_id                   uuid not null,
  consent_ids                 uuid[] not null,
  open                        boolean not null default true,
  next_attempt_at             timestamptz not null,
  enqueued_at                 timestamptz,
  lease_until                 timestamptz,
  fence                       integer not null default 0,
  attempts                    integer not null default 0
) with (fillfactor = 70);
create index outbox_due on outbox (next_attempt_at) where open and enqueued_at is null;
create index outbox_enqueued on outbox (enqueued_at) where open and enqueued_at is not null;
create index outbox_person on outbox (organization_id, person_id) where open;

-- Status and outcome for the agency's software: ids and codes only.
create table announcement (
  id                uuid primary key default gen_random_uuid(),
  organization_id   uuid not null,
  transfer_id       uuid not null references transfer,
  body              jsonb not null,
  open              boolean not null default true,
  next_attempt_at   timestamptz not null default now(),
  enqueued_at       timestamptz,
  lease_until       timestamptz,
  fence             integer not null default 0,
  attempts          integer not null default 0,
  created_at        timestamptz not null default now()
) with (fillfactor = 70);
create index announcement_due on announcement (next_attempt_at) where open and enqueued_at is null;
create index announcement_enqueued on announcement (enqueued_at) where open and enqueued_at is not null;
create index announcement_transfer on announcement (transfer_id);

-- ------------------------------------------------------------------------------------------------ audit
create function uuids_of(list jsonb) returns uuid[] language sql immutable parallel safe
  return array(select value::uuid from jsonb_array_elements_text(list) as t(value));

-- `entry` is what is hashed; the columns are derived from it and cannot say anything else.
create table audit_entry (
  id              uuid primary key,
  entry           jsonb not null,
  organizations   uuid[] not null generated always as (uuids_of(entry -> 'organizations')) stored,
  at              text not null generated always as (entry ->> 'at') stored,
  person_id       uuid generated always as ((entry ->> 'personId')::uuid) stored,
  transfer_id     uuid generated always as ((entry ->> 'transferId')::uuid) stored,
  check (id = (entry ->> 'id')::uuid)
);
create index audit_entry_organizations on audit_entry using gin (organizations);
create index audit_entry_transfer on audit_entry (transfer_id) where transfer_id is not null;
create index audit_entry_person on audit_entry (person_id) where person_id is not null;

-- What the sequencer has not numbered yet. A queue, so that an entry that commits late is found all the same.
create table audit_pending (
  entry_id        uuid primary key,
  organizations   uuid[] not null
);

create table audit_log (
  seq             bigint primary key check (seq >= 0),
  entry_id        uuid not null unique,
  organizations   uuid[] not null,
  -- RFC 6962 section 2.1: SHA-256(0x00 || entry).
  leaf_hash       bytea not null,
  chain_hash      bytea not null
);

create table audit_head (
  singleton       boolean primary key default true check (singleton),
  size            bigint not null,
  chain_hash      bytea not null,
  updated_at      timestamptz not null default now()
);
insert into audit_head (size, chain_hash) values (0, decode(repeat('00', 32), 'hex'));

-- ------------------------------------------------------------------------------------------------ append-only
call make_append_only('case_version');
call make_append_only('consent_version');
call make_append_only('agreement_version');
call make_append_only('mapping_version');
call make_append_only('transfer_event');
call make_append_only('receipt');
call make_append_only('audit_entry');
call make_append_only('audit_log');

-- ------------------------------------------------------------------------------------------------ row level security
do $$
declare name text;
begin
  for name in select c.relname from pg_class c where c.relnamespace = 'relais'::regnamespace and c.relkind in ('r', 'p') loop
    execute format('alter table relais.%I enable row level security, force row level security', name);
  end loop;
end $$;

-- Written by the migrator alone.
create policy nobody on migration using (true);

create policy directory_read on organization for select to relais_app, relais_identity using (true);
create policy directory_insert on organization for insert to relais_identity with check (true);
create policy directory_update on organization for update to relais_identity using (true) with check (true);
create policy directory_read on partner for select to relais_app, relais_identity using (true);
create policy directory_insert on partner for insert to relais_identity with check (true);
create policy directory_update on partner for update to relais_identity using (true) with check (true);

create policy own on person to relais_app
  using (organization_id = (select current_organization())) with check (organization_id = (select current_organization()));
create policy own on case_version to relais_app
  using (organization_id = (select current_organization())) with check (organization_id = (select current_organization()));
create policy own on person_index to relais_app
  using (organization_id = (select current_organization())) with check (organization_id = (select current_organization()));
create policy own on consent_version to relais_app
  using (organization_id = (select current_organization())) with check (organization_id = (select current_organization()));
create policy own on idempotency_key to relais_app
  using (organization_id = (select current_organization())) with check (organization_id = (select current_organization()));

create policy party on agreement to relais_app
  using (parties @> array[(select current_organization())]) with check (parties @> array[(select current_organization())]);
create policy party on agreement_version to relais_app
  using (parties @> array[(select current_organization())]) with check (parties @> array[(select current_organization())]);

create policy shipped_or_own on mapping_version for select to relais_app
  using (organization_id is null or organization_id = (select current_organization()));
create policy shipped on mapping_version to relais_identity using (true) with check (true);

create policy sender on transfer to relais_app
  using (sender_organization_id = (select current_organization()))
  with check (sender_organization_id = (select current_organization()));
create policy recipient on transfer for select to relais_app
  using (recipient_organization_id = (select current_organization()) and delivered_at is not null);
create policy purge_read on transfer for select to relais_worker using (true);
create policy purge_mark on transfer for update to relais_worker using (true) with check (true);

create policy sender on transfer_content to relais_app
  using (sender_organization_id = (select current_organization()))
  with check (sender_organization_id = (select current_organization()));
create policy recipient on transfer_content for select to relais_app
  using (recipient_organization_id = (select current_organization()) and delivered_at is not null);
create policy purge_read on transfer_content for select to relais_worker using (true);
create policy purge on transfer_content for delete to relais_worker using (purge_at <= now());

create policy sender on transfer_event to relais_app
  using (sender_organization_id = (select current_organization()))
  with check (sender_organization_id = (select current_organization()));
create policy recipient on transfer_event for select to relais_app
  using (recipient_organization_id = (select current_organization()) and shared);

create policy sender on referral to relais_app
  using (sender_organization_id = (select current_organization()))
  with check (sender_organization_id = (select current_organization()));
create policy recipient on referral for select to relais_app
  using (recipient_organization_id = (select current_organization()));

create policy sender on receipt to relais_app
  using (sender_organization_id = (select current_organization()))
  with check (sender_organization_id = (select current_organization()));
create policy recipient on receipt for select to relais_app
  using (recipient_organization_id = (select current_organization()));

create policy sender on outbox to relais_app
  using (organization_id = (select current_organization())) with check (organization_id = (select current_organization()));
create policy dispatch on outbox to relais_worker using (true) with check (true);

create policy own on announcement for select to relais_app using (organization_id = (select current_organization()));
create policy own_writes on announcement for insert to relais_app with check (organization_id = (select current_organization()));
create policy dispatch on announcement to relais_worker using (true) with check (true);

create policy own on audit_entry to relais_app
  using (organizations @> array[(select current_organization())]) with check (organizations @> array[(select current_organization())]);
create policy sequence on audit_entry to relais_worker using (true) with check (true);
create policy identity_writes on audit_entry for insert to relais_identity with check (true);
create policy own_writes on audit_pending for insert to relais_app with check (organizations @> array[(select current_organization())]);
create policy identity_writes on audit_pending for insert to relais_identity with check (true);
create policy sequence on audit_pending to relais_worker using (true) with check (true);
create policy own on audit_log for select to relais_app using (organizations @> array[(select current_organization())]);
create policy sequence on audit_log to relais_worker using (true) with check (true);
create policy sequence on audit_head to relais_worker using (true) with check (true);

-- ------------------------------------------------------------------------------------------------ grants
grant select on organization, partner, mapping_version to relais_app;
grant select, insert on case_version, consent_version, agreement_version, transfer_event, receipt, idempotency_key, audit_entry to relais_app;
grant select, insert, update on person, agreement, referral to relais_app;
grant select, insert, delete on person_index to relais_app;
grant select, insert on transfer to relais_app;
grant update (status, delivered_at, purge_at, stated) on transfer to relais_app;
grant select, insert, delete on transfer_content to relais_app;
grant update (delivered_at, purge_at) on transfer_content to relais_app;
grant select, insert, update on outbox to relais_app;
grant select, insert on announcement to relais_app;
grant insert on audit_pending to relais_app;
grant select on audit_log to relais_app;

grant select, update on outbox, announcement to relais_worker;
grant select (transfer_id, sender_organization_id, recipient_organization_id, person_id, purge_at), delete on transfer_content to relais_worker;
grant select (id, content_purged_at), update (content_purged_at) on transfer to relais_worker;
grant select, insert on audit_entry, audit_log to relais_worker;
grant select, insert, delete on audit_pending to relais_worker;
grant select, update on audit_head to relais_worker;

grant select, insert, update on organization, partner to relais_identity;
grant select, insert on mapping_version to relais_identity;
grant insert on audit_entry, audit_pending to relais_identity;

revoke execute on all functions in schema relais from public;
revoke execute on all procedures in schema relais from public;
grant execute on function current_organization(), next_reference(uuid), uuids_of(jsonb) to relais_app, relais_worker, relais_identity;
