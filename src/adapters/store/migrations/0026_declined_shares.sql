-- "I decline to share": a professional's decision not to pass something on. Rules of every migration: see 0001_spine.sql.

-- Not a transfer: nothing was asked of the record, nothing can leave on it. Words are encrypted with the person's key. Who
-- took it stands in the log alone, so that nobody's decisions can be counted here.
create table declined_share (
  organization_id             uuid not null,
  id                          uuid not null,
  person_id                   uuid not null,
  recipient_organization_id   uuid not null references organization,
  purpose                     text not null,
  reason                      text not null
    check (reason in ('person-asked', 'not-needed', 'would-endanger', 'professional-secrecy', 'other')),
  words                       bytea,
  recorded_at                 timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, person_id) references person (organization_id, id),
  check (reason <> 'other' or words is not null)
);
create index declined_share_person on declined_share (organization_id, person_id, recorded_at desc);

alter table declined_share enable row level security, force row level security;
create policy own on declined_share to relais_app
  using (organization_id = (select current_organization())) with check (organization_id = (select current_organization()));
grant select, insert on declined_share to relais_app;
