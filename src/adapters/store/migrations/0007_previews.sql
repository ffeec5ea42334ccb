-- What was shown before it is sent: the ids and the moment that its bytes bear, and what stood in it, so that the same
-- bytes can be made again or the difference told. Short-lived, and nothing of it is readable without the person's key.
create table preview (
  organization_id             uuid not null,
  -- SHA-256 (hex) of the bytes that were shown.
  digest                      text not null check (digest ~ '^[0-9a-f]{64}$'),
  transfer_id                 uuid not null unique,
  task_id                     uuid not null unique,
  person_id                   uuid not null,
  case_version                integer not null,
  permitted                   integer not null,
  agreement_id                uuid not null,
  agreement_version           integer not null,
  mapping_version             text not null,
  -- SHA-256 (hex) of what was asked; it names no person.
  request_digest              text not null,
  at                          timestamptz not null,
  -- Path and hash of each element that would leave, encrypted under the person's data key.
  elements                    bytea not null,
  expires_at                  timestamptz not null,
  primary key (organization_id, digest),
  foreign key (organization_id, person_id) references person (organization_id, id)
);
create index preview_expired on preview (expires_at);
create index preview_person on preview (organization_id, person_id);

alter table preview enable row level security, force row level security;
create policy own on preview to relais_app
  using (organization_id = (select current_organization())) with check (organization_id = (select current_organization()));
create policy forget_read on preview for select to relais_worker using (expires_at <= now());
create policy forget on preview for delete to relais_worker using (expires_at <= now());
grant select, insert, delete on preview to relais_app;
grant select (expires_at), delete on preview to relais_worker;

-- The log holds a commitment to the bytes that were approved, SHA-256(salt || digest); the salt stands here, and goes
-- with an erasure: then the entry proves nothing about anybody any more, and the log stays valid.
alter table transfer add column commitment_salt bytea;
grant update (commitment_salt) on transfer to relais_app;
