-- What an operator sent again, to be followed. Rules of every migration: see 0001_spine.sql.
-- Few, and in no other index.
create index outbox_replayed on outbox (organization_id, due_at) where replays > 0;
