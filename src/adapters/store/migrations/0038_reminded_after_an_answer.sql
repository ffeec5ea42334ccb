-- Who asked something is reminded again once the sender has answered. Rules of every migration: see 0001_spine.sql.

-- The periods that an answer to a question begins are counted anew, so they bear the day of that answer (UTC).
alter table reminder drop constraint reminder_period_check;
alter table reminder add constraint reminder_period_check
  check (period ~ '^([1-9]\d?(\.\d{4}-\d{2}-\d{2})?|\d{4}-\d{2}-\d{2}(\.\d{1,3})?)$');

-- Questions that were taken for answers are looked at again.
alter table referral no force row level security;
update referral set remind_at = now() + interval '1 day' where status in ('requested', 'received', 'on-hold') and remind_at is null;
alter table referral force row level security;
