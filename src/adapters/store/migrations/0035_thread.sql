-- A question is answered in the thread, by words or by a following transfer. Rules of every migration: see 0001_spine.sql.

-- Ids and codes for the software of the other side: it learns that something was said to it, and reads it at Relais. Null:
-- the organization that the row belongs to.
alter table announcement add column told_organization_id uuid references organization;

-- Sent because the recipient of an earlier one asked for it.
alter table transfer add column follows uuid references transfer;
create index transfer_follows on transfer (follows) where follows is not null;
