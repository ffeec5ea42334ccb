-- The receipt of every decision: the versions that it looked at, what it said and why. Append-only; ids, codes and times.
create table decision (
  organization_id   uuid not null,
  id                uuid not null,
  transfer_id       uuid,
  person_id         uuid,
  receipt           jsonb not null,
  decided_at        timestamptz not null default now(),
  primary key (organization_id, id)
);
create index decision_transfer on decision (transfer_id, decided_at) where transfer_id is not null;
call make_append_only('decision');

alter table decision enable row level security, force row level security;
create policy own on decision to relais_app
  using (organization_id = (select current_organization())) with check (organization_id = (select current_organization()));
grant select, insert on decision to relais_app;
