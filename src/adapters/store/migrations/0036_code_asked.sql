-- A guest asks for a code: seen by the sender until a code is made (docs/access-links.md). Rules of every migration: see 0001_spine.sql.
alter table access_link add column code_asked_at timestamptz check (code_asked_at is null or kind = 'guest');
grant update (code_asked_at) on access_link to relais_app;
grant update (code_asked_at) on access_link to relais_identity;
-- Few, and asked for by those who watch what changes.
create index access_link_code_asked on access_link (organization_id, code_asked_at) where code_asked_at is not null;
