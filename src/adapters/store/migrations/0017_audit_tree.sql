-- The Merkle tree over the log and its signed checkpoints (docs/audit.md). Rules of every migration: see 0001_spine.sql.
-- Nothing here belongs to an organization: hashes over salted entries, and the log's own keys.

-- Roots of perfect subtrees of 2^level leaves, under the number of their last leaf, so that what a batch of leaves completes
-- stands together. Levels below 4 are made from at most sixteen leaves of audit_log when they are asked for.
create table audit_node (
  last_seq        bigint not null check (last_seq >= 0),
  level           smallint not null check (level >= 4),
  hash            bytea not null check (length(hash) = 32),
  primary key (last_seq, level)
);

-- What the log committed itself to: one root for a size, for ever. `note` is the signed text (C2SP tlog-checkpoint).
create table audit_checkpoint (
  size            bigint primary key check (size > 0),
  note            text not null check (length(note) < 2000),
  signed_at       timestamptz not null default now()
);

-- Keys that sign checkpoints, the newest last. None is ever forgotten: old checkpoints are checked with theirs. The private
-- key is sealed under the master key, and the public one is taken from it: a key that somebody slips in does not open.
create table audit_key (
  name            text not null check (name ~ '^[^[:space:]+]+$'),
  number          bigint primary key generated always as identity,
  sealed_private  bytea not null,
  created_at      timestamptz not null default now()
);

-- How far the tree has come, and what is needed to go on with it. It follows `size` at once, except in a log that was there
-- before its tree.
alter table audit_head
  add column tree_size   bigint not null default 0,
  add column peaks       bytea[] not null default '{}',
  add column signed_size bigint not null default 0,
  add column signed_at   timestamptz;

call make_append_only('audit_node');
call make_append_only('audit_checkpoint');
call make_append_only('audit_key');

do $$
declare name text;
begin
  foreach name in array array['audit_node', 'audit_checkpoint', 'audit_key'] loop
    execute format('alter table relais.%I enable row level security, force row level security', name);
    execute format('create policy sequence on relais.%I to relais_worker using (true) with check (true)', name);
    execute format('grant select, insert on relais.%I to relais_worker', name);
  end loop;
end $$;
