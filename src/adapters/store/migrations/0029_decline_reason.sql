-- Why a recipient declined, as a code: so that each reader has it in their own language, and it can be counted. What was
-- written beside it stays sealed in `message`. Rules of every migration: see 0001_spine.sql.

-- The codes are those of the case model (DECLINE_REASONS); the check keeps free words out.
alter table transfer_event add column declined text
  check (declined is null or (status = 'referral:rejected' and declined ~ '^[a-z]+(-[a-z]+)*$' and length(declined) <= 40));
