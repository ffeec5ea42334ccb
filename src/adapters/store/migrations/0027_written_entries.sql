-- Entries of a case that are written in Relais, by agencies without software. Rules of every migration: see 0001_spine.sql.

-- Who wrote which entry, and in which versions of the case it was written and corrected: ids alone. The words are in the
-- case, and every earlier wording in its earlier version.
create table written_entry (
  organization_id             uuid not null,
  case_id                     text not null,
  list                        text not null check (list in ('interventions', 'workingNotes')),
  entry_id                    uuid not null,
  version                     integer not null,
  actor                       jsonb not null,
  written_at                  timestamptz not null default now(),
  primary key (organization_id, case_id, list, entry_id, version),
  foreign key (organization_id, case_id, version) references case_version (organization_id, case_id, version)
);
call make_append_only('written_entry');

alter table written_entry enable row level security, force row level security;
create policy own on written_entry to relais_app
  using (organization_id = (select current_organization())) with check (organization_id = (select current_organization()));
grant select, insert on written_entry to relais_app;

-- An entry that is being written does not take the place of a transfer that is being prepared.
alter table draft add column part text not null default 'send' check (part in ('send', 'entry'));
alter table draft drop constraint draft_pkey, add primary key (organization_id, staff_id, case_id, part);
