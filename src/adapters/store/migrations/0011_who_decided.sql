-- Who decided, and how that can be shown. Rules of every migration: see 0001_spine.sql.

-- What a case says of who may decide (birth date, measures, parental authority), encrypted with the person's data key: a
-- decision reads it without opening the record.
alter table case_version add column circumstances bytea;

-- Who took the decision that a consent records and what each of them said, encrypted with the person's data key; null
-- where that could not be read, and then the consent permits nothing.
alter table consent_version add column decided bytea;

-- How it can be shown that a decision was taken (GDPR art. 7(1)): its form, witness and picture are encrypted.
create table consent_evidence (
  organization_id   uuid not null,
  id                uuid not null,
  consent_id        uuid not null,
  consent_version   integer not null,
  person_id         uuid not null,
  kind              text not null check (kind in ('written', 'verbal', 'electronic', 'photo')),
  copy_given        boolean not null,
  content           bytea not null,
  actor             jsonb not null,
  recorded_at       timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, consent_id, consent_version) references consent_version (organization_id, consent_id, version),
  foreign key (organization_id, person_id) references person (organization_id, id)
);
create index consent_evidence_consent on consent_evidence (organization_id, consent_id, recorded_at);
create index consent_evidence_person on consent_evidence (organization_id, person_id);

call make_append_only('consent_evidence');

alter table consent_evidence enable row level security, force row level security;
create policy own on consent_evidence to relais_app
  using (organization_id = (select current_organization())) with check (organization_id = (select current_organization()));
grant select, insert on consent_evidence to relais_app;
