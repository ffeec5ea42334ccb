-- Imports: HMIS CSV exports, row by row, verbatim and encrypted. Rules of every migration: see 0001_spine.sql.

-- One import. Counts only.
create table hmis_import (
  id                uuid primary key,
  organization_id   uuid not null references organization,
  format            text not null check (format in ('FY2024', 'FY2026')),
  rows              bigint not null,
  people            bigint not null,
  added             bigint not null,
  changed           bigint not null,
  findings          bigint not null,
  actor             jsonb not null,
  imported_at       timestamptz not null default now(),
  unique (organization_id, id)
);

-- The data key for what is about no person (projects, organizations, headers), wrapped by the master key.
create table hmis_key (
  organization_id   uuid primary key references organization,
  wrapped_key       bytea not null
);

-- The header under which rows were written: order and names of the columns, and the file's name, encrypted (a file or
-- column that the format does not know may be called anything).
create table hmis_header (
  id                uuid primary key,
  organization_id   uuid not null references organization,
  header_hash       bytea not null,
  content           bytea not null,
  unique (organization_id, id),
  unique (organization_id, header_hash)
);

-- What is known now: for each key of each file its newest version. An index, so it may change, and a person's erasure
-- deletes their part of it. Keyed hashes only.
create table hmis_row (
  id                uuid primary key,
  organization_id   uuid not null references organization,
  file              text not null check (file ~ '^[A-Za-z]+$|^other-[0-9a-f]{32}$'),
  key_hash          bytea not null,
  digest            bytea not null,
  version           integer not null check (version > 0),
  person_id         uuid,
  line              bigint not null,
  unique (organization_id, file, key_hash),
  foreign key (organization_id, person_id) references person (organization_id, id)
) with (fillfactor = 90);
create index hmis_row_person on hmis_row (organization_id, person_id) where person_id is not null;
create index hmis_row_line on hmis_row (organization_id, file, line, id);

-- Every version of every row, all cells as text in their order, encrypted with the person's data key or, where the row
-- is about no person, with hmis_key.
create table hmis_row_version (
  row_id            uuid not null,
  version           integer not null check (version > 0),
  organization_id   uuid not null,
  import_id         uuid not null,
  header_id         uuid not null,
  person_id         uuid,
  content           bytea not null,
  primary key (row_id, version),
  -- The import's own row comes last, in the same transaction: a foreign key would queue a check for every row until then.
  foreign key (organization_id, header_id) references hmis_header (organization_id, id),
  foreign key (organization_id, person_id) references person (organization_id, id)
);
create index hmis_row_version_person on hmis_row_version (organization_id, person_id) where person_id is not null;

call make_append_only('hmis_import');
call make_append_only('hmis_key');
call make_append_only('hmis_header');
call make_append_only('hmis_row_version');

-- Erasing a person destroys the key (unreadable rows) and, here, the hashes that could still tell a guess right or wrong.
create function forget_hmis_rows() returns trigger language plpgsql set search_path = relais, pg_catalog as $$
begin
  delete from hmis_row where organization_id = new.organization_id and person_id = new.id;
  return new;
end $$;
create trigger forget_hmis_rows after update of erased_at on person
  for each row when (old.erased_at is null and new.erased_at is not null) execute function forget_hmis_rows();

do $$
declare name text;
begin
  foreach name in array array['hmis_import', 'hmis_key', 'hmis_header', 'hmis_row', 'hmis_row_version'] loop
    execute format('alter table %I enable row level security, force row level security', name);
    execute format('create policy own on %I to relais_app using (organization_id = (select current_organization()))
      with check (organization_id = (select current_organization()))', name);
  end loop;
end $$;

grant select, insert on hmis_import, hmis_key, hmis_header, hmis_row_version to relais_app;
grant select, insert, update, delete on hmis_row to relais_app;
revoke execute on function forget_hmis_rows() from public;
grant execute on function forget_hmis_rows() to relais_app;
