-- A question is answered in the thread, by words or by a following transfer. Rules of every migration: see 0001_spine.sql.

-- Ids and codes for the software of the other side: it learns that something was said to it, and reads it at Relais. Null:
-- the organization that the row belongs to.
alter table announcement add column told_organization_id uuid references organization;

-- Sent because the recipient of an earlier one asked for it.
alter table transfer add column follows uuid references transfer;
create index transfer_follows on transfer (follows) where follows is not null;

-- What a recipient took into its own files: where the case comes from, and what the agreement of then allows of it. The rule
-- stands with the case and not in it, so that no later version of the case can leave it out.
create table taken_over (
  organization_id        uuid not null,
  transfer_id            uuid not null references transfer,
  case_id                text not null,
  from_organization_id   uuid not null,
  -- As the recipient may call it: its mere name can reveal.
  called                 text not null,
  reference              text not null,
  received_at            timestamptz not null,
  taken_at               timestamptz not null default now(),
  -- Recipients as ids: {"kind": "forbidden" | "consented"} or {"kind": "listed", "recipients": [...]}.
  onward                 jsonb not null,
  keep_until             timestamptz,
  keep_then              text check (keep_then in ('return', 'delete')),
  left_out               integer not null,
  primary key (organization_id, transfer_id),
  unique (organization_id, case_id)
);
alter table taken_over enable row level security, force row level security;
create policy own on taken_over to relais_app
  using (organization_id = (select current_organization())) with check (organization_id = (select current_organization()));
grant select, insert on taken_over to relais_app;
call make_append_only('taken_over');

-- In the transaction that makes the case, its recipient writes this one line into the sender's timeline, and no other.
create policy recipient_takes_over on transfer_event for insert to relais_app
  with check (recipient_organization_id = (select current_organization()) and shared and status = 'taken-over'
              and message is null and reasons = '[]' and cause is null and declined is null);
