-- What past recipients are told, and what the person contests. Rules of every migration: see 0001_spine.sql.

-- "Stop using transfer R": a duty that the agreement creates. Ids, codes and times; neither the person nor a reason is told.
-- The recipient's words have a key of their own, because an answer may come after the person was erased.
create table notice (
  id                          uuid primary key,
  kind                        text not null check (kind in ('stop-using', 'corrected')),
  transfer_id                 uuid not null references transfer,
  sender_organization_id      uuid not null,
  recipient_organization_id   uuid not null,
  person_id                   uuid not null,
  reference                   text not null,
  corrected_transfer_id       uuid references transfer,
  corrected_reference         text,
  due_at                      timestamptz not null,
  created_at                  timestamptz not null default now(),
  -- The recipient's system took it; null where it has none and reads its list.
  delivered_at                timestamptz,
  answer                      text check (answer in ('returned', 'deleted', 'kept', 'corrected')),
  answered_at                 timestamptz,
  answered_by                 jsonb,
  wrapped_key                 bytea,
  words                       bytea,
  escalated_at                timestamptz,
  check ((answer is null) = (answered_at is null)),
  unique nulls not distinct (transfer_id, kind, corrected_transfer_id)
);
create index notice_sender on notice (sender_organization_id, created_at desc);
create index notice_recipient on notice (recipient_organization_id, created_at desc);
create index notice_person on notice (sender_organization_id, person_id);
create index notice_due on notice (due_at) where answered_at is null and escalated_at is null;

-- An objection (GDPR art. 21) or "this is wrong" (art. 16), which a human answers. Words are encrypted with the person's key.
create table contest (
  organization_id             uuid not null,
  id                          uuid not null,
  person_id                   uuid not null,
  kind                        text not null check (kind in ('objection', 'correction')),
  transfer_id                 uuid references transfer,
  -- Whom an objection is about; null: everybody.
  recipient_organization_id   uuid,
  words                       bytea not null,
  actor                       jsonb not null,
  recorded_at                 timestamptz not null default now(),
  due_at                      timestamptz not null,
  outcome                     text check (outcome in ('upheld', 'declined', 'corrected')),
  answer                      bytea,
  answered_at                 timestamptz,
  answered_by                 jsonb,
  escalated_at                timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, person_id) references person (organization_id, id),
  check ((outcome is null) = (answered_at is null)),
  check (outcome is null or (kind = 'objection') = (outcome = 'upheld') or outcome = 'declined')
);
create index contest_person on contest (organization_id, person_id, recorded_at);
create index contest_recorded on contest (organization_id, recorded_at desc);
create index contest_due on contest (due_at) where answered_at is null and escalated_at is null;

-- A notice travels as an announcement to the recipient's own door.
alter table announcement add column notice_id uuid references notice;

do $$
declare name text;
begin
  foreach name in array array['notice', 'contest'] loop
    execute format('alter table %I enable row level security, force row level security', name);
  end loop;
end $$;
create policy sender on notice to relais_app
  using (sender_organization_id = (select current_organization()))
  with check (sender_organization_id = (select current_organization()));
create policy recipient on notice for select to relais_app
  using (recipient_organization_id = (select current_organization()));
create policy escalate_read on notice for select to relais_worker using (true);
create policy escalate on notice for update to relais_worker using (true) with check (true);
create policy own on contest to relais_app
  using (organization_id = (select current_organization())) with check (organization_id = (select current_organization()));
create policy escalate_read on contest for select to relais_worker using (true);
create policy escalate on contest for update to relais_worker using (true) with check (true);

grant select, insert on notice, contest to relais_app;
grant update (delivered_at, answer, answered_at, answered_by, wrapped_key, words) on notice to relais_app;
grant update (outcome, answer, answered_at, answered_by) on contest to relais_app;
grant select (id, sender_organization_id, person_id, transfer_id, due_at, answered_at, escalated_at), update (escalated_at)
  on notice to relais_worker;
grant select (organization_id, id, person_id, due_at, answered_at, escalated_at), update (escalated_at) on contest to relais_worker;
