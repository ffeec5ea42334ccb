-- Partners that do not honour idempotency keys. Rules of every migration: see 0001_spine.sql.

-- The bytes of an attempt left, or may have, and no answer said what became of them.
alter table outbox add column unsure boolean not null default false;

-- The partner was asked and had it: the receipt's status and digest are those of the answer to that question.
alter table receipt add column found_by_query boolean not null default false;

-- What a partner promises about a second delivery of the same: it honours the key, it can be asked, or neither.
alter table partner no force row level security;
update partner set endpoint = endpoint - 'idempotent' || jsonb_build_object('idempotency',
  case when (endpoint ->> 'idempotent')::boolean then 'key' else 'none' end) where endpoint ? 'idempotent';
update partner set webhook = webhook - 'idempotent' || jsonb_build_object('idempotency',
  case when (webhook ->> 'idempotent')::boolean then 'key' else 'none' end) where webhook ? 'idempotent';
alter table partner force row level security;
