-- The caseworker's desk. Rules of every migration: see 0001_spine.sql.

-- What happened last, by organization: the worklist, and what tells a console that something changed, read the newest
-- events alone.
create index transfer_event_sender on transfer_event (sender_organization_id, at desc);
create index transfer_event_recipient on transfer_event (recipient_organization_id, at desc) where shared;

-- What a member of staff has begun to write about a case and not sent: theirs alone, readable with the person's key alone,
-- and forgotten after 14 days.
create table draft (
  organization_id             uuid not null,
  staff_id                    uuid not null,
  case_id                     text not null,
  person_id                   uuid not null,
  content                     bytea not null,
  saved_at                    timestamptz not null,
  primary key (organization_id, staff_id, case_id),
  foreign key (organization_id, person_id) references person (organization_id, id)
);
create index draft_saved on draft (saved_at);
create index draft_person on draft (organization_id, person_id);

alter table draft enable row level security, force row level security;
create policy own on draft to relais_app
  using (organization_id = (select current_organization())) with check (organization_id = (select current_organization()));
create policy forget_read on draft for select to relais_worker using (saved_at <= database_time() - interval '14 days');
create policy forget on draft for delete to relais_worker using (saved_at <= database_time() - interval '14 days');
grant select, insert, update, delete on draft to relais_app;
grant select (saved_at), delete on draft to relais_worker;
