-- An import fills tables within one transaction, where autovacuum does not count for the planner: with the statistics of
-- an empty table every batch would walk all rows of its file. ANALYZE sees the transaction's own rows; only the owner of
-- a table may run it.
create function analyze_imports() returns void language plpgsql security definer set search_path = relais, pg_catalog as $$
begin
  analyze person, person_index, hmis_row, hmis_row_version;
end $$;
revoke execute on function analyze_imports() from public;
grant execute on function analyze_imports() to relais_app;
