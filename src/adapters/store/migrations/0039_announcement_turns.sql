-- Whose turn an announcement is: as for records (0014), so that a system that answers slowly, or not at all, keeps nobody else waiting.
-- Rules of every migration: see 0001_spine.sql.

-- One row for each organization that may be told something. Which of its systems that is, is looked up when it is told.
create table announcement_turn (
  organization_id    uuid primary key references organization,
  -- Counts the hand-outs: who was decided on an older count hands out nothing (take-announcements.ts).
  turn               bigint not null default 0,
  last_taken_at      timestamptz not null default '-infinity'
) with (fillfactor = 50);

alter table organization no force row level security;
insert into announcement_turn (organization_id) select id from organization;
alter table organization force row level security;

create function give_announcement_turn() returns trigger language plpgsql set search_path = relais, pg_catalog as $$
begin
  insert into announcement_turn (organization_id) values (new.id);
  return new;
end $$;
create trigger announcement_turn after insert on organization for each row execute function give_announcement_turn();
revoke execute on function give_announcement_turn() from public;
grant execute on function give_announcement_turn() to relais_identity;

-- Whom it goes to is now said by every row, and no longer left out where it is who announces.
alter table announcement no force row level security;
alter table notice no force row level security;
alter table reminder no force row level security;
update announcement a
   set told_organization_id = coalesce(
         (select n.recipient_organization_id from notice n where n.id = a.notice_id),
         (select r.recipient_organization_id from reminder r where r.id = a.reminder_id),
         a.organization_id)
 where told_organization_id is null;
alter table announcement force row level security;
alter table notice force row level security;
alter table reminder force row level security;
alter table announcement alter column told_organization_id set not null;

-- During a rolling restart a process of the version before still leaves it out: what it announces stands in its sender's own turn.
create function announce_in_own_turn() returns trigger language plpgsql set search_path = relais, pg_catalog as $$
begin
  new.told_organization_id := new.organization_id;
  return new;
end $$;
create trigger announcement_of_before before insert on announcement
  for each row when (new.told_organization_id is null) execute function announce_in_own_turn();
revoke execute on function announce_in_own_turn() from public;
grant execute on function announce_in_own_turn() to relais_app;

drop index announcement_due;
create index announcement_due on announcement (told_organization_id, next_attempt_at) where open and enqueued_at is null;
drop index announcement_enqueued;
create index announcement_taken on announcement (told_organization_id) where open and enqueued_at is not null;

alter table announcement_turn enable row level security, force row level security;
create policy dispatch on announcement_turn to relais_worker using (true) with check (true);
create policy register on announcement_turn for insert to relais_identity with check (true);
grant select, update (turn, last_taken_at) on announcement_turn to relais_worker;
grant insert on announcement_turn to relais_identity;
