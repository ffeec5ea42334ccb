-- Erasure and retention. Rules of every migration: see 0001_spine.sql.

-- The time that decides what is due: the database's. It stands in one place, so that a test can be years ahead by replacing
-- it, which only the owner of the schema may; no setting of a session moves it.
create function database_time() returns timestamptz language sql stable parallel safe
  as 'select pg_catalog.now()';
revoke execute on function database_time() from public;
grant execute on function database_time() to relais_app, relais_worker;

drop policy purge on transfer_content;
create policy purge on transfer_content for delete to relais_worker using (purge_at <= database_time());
