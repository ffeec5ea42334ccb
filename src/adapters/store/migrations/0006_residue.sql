-- What a bundle said beyond its case, for the organization that sent it and nobody else: one row for each version of a
-- case that came as FHIR. Rules of every migration: see 0001_spine.sql.
--
-- Which map an element is of, its key and its labels are inside the sealed content: in the clear a name like
-- case/medication, or a label like hiv, would tell of an illness.
create table residue (
  organization_id   uuid not null,
  case_id           text not null,
  version           integer not null,
  person_id         uuid not null,
  source            text not null check (source in ('fhir-r4')),
  -- The maps that it was kept by: others may make another bundle of the case.
  mapping_version   text not null,
  -- Encrypted with the person's data key, as the case is: erasing the person makes both unreadable.
  content           bytea not null,
  primary key (organization_id, case_id, version),
  foreign key (organization_id, case_id, version) references case_version (organization_id, case_id, version),
  foreign key (organization_id, person_id) references person (organization_id, id)
);
create index residue_person on residue (organization_id, person_id);

call make_append_only('residue');

alter table residue enable row level security, force row level security;
create policy own on residue to relais_app
  using (organization_id = (select current_organization())) with check (organization_id = (select current_organization()));
grant select, insert on residue to relais_app;
