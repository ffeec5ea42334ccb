-- Reminders of an answer that has not come. Rules of every migration: see 0001_spine.sql.

-- That a recipient was, or is to be, reminded of a transfer. Ids, codes and times; neither the person nor what was sent.
create table reminder (
  id                          uuid primary key,
  transfer_id                 uuid not null references transfer,
  sender_organization_id      uuid not null,
  recipient_organization_id   uuid not null,
  -- By Relais: the how-manieth period after the day on which an answer was expected. By hand: the day (UTC), and which one
  -- of that day. However many workers look at the same moment, a period has one reminder.
  period                      text not null check (period ~ '^([1-9]\d?|\d{4}-\d{2}-\d{2}(\.\d{1,3})?)$'),
  issued_at                   timestamptz not null,
  issued_by                   jsonb not null,
  -- An attempt's end is not known: its bytes left, or may have.
  unsure                      boolean not null default false,
  delivered_at                timestamptz,
  -- It was given up, and why, as a code.
  ended_at                    timestamptz,
  cause                       text check (length(cause) <= 100),
  check ((ended_at is null) = (cause is null)),
  check (delivered_at is null or ended_at is null),
  unique (transfer_id, period)
);

-- A reminder travels as an announcement to the recipient.
alter table announcement add column reminder_id uuid references reminder;

-- The person may have asked for quiet.
alter table transfer add column quiet_since timestamptz, add column quiet_by jsonb;
alter table transfer add constraint quiet_by_somebody check ((quiet_since is null) = (quiet_by is null));

-- When to look whether a reminder is due; null: not until something changes. Nobody is reminded within a day of the
-- delivery, so the first look is a day later.
alter table referral add column remind_at timestamptz default now() + interval '1 day';
alter table referral no force row level security;
update referral set remind_at = null where status not in ('requested', 'received');
alter table referral force row level security;
create index referral_remind on referral (remind_at) where remind_at is not null;

alter table reminder enable row level security, force row level security;
create policy sender on reminder to relais_app
  using (sender_organization_id = (select current_organization()))
  with check (sender_organization_id = (select current_organization()));
create policy look_read on referral for select to relais_worker using (true);
create policy look on referral for update to relais_worker using (true) with check (true);

grant select, insert on reminder to relais_app;
grant update (unsure, delivered_at, ended_at, cause) on reminder to relais_app;
grant update (quiet_since, quiet_by) on transfer to relais_app;
grant select (transfer_id, sender_organization_id, remind_at), update (remind_at) on referral to relais_worker;
