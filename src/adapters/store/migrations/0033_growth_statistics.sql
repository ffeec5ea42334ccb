-- A prepared statement keeps the plan that it was given, and a young gateway gives its plans while every table is almost
-- empty: by then any index looks as good as the primary key, and one that begins with the organization walks all its rows,
-- more with each transfer. New statistics make every connection plan again. Autovacuum looks once a minute; a gateway
-- that is given its first agency sends thousands of transfers in that minute. Only the owner of a table may run ANALYZE.
-- Tables are taken that changed by more than they held when last looked at: less and less often, the larger they are.
create function analyze_grown() returns void language plpgsql security definer set search_path = relais, pg_catalog as $$
declare grown name;
begin
  if not pg_try_advisory_xact_lock(125780158870900) then
    return;
  end if;
  for grown in
    select s.relname from pg_stat_user_tables s join pg_class c on c.oid = s.relid
     where s.schemaname = 'relais' and s.n_mod_since_analyze > 200 + greatest(c.reltuples, 0)
     order by s.relname
  loop
    execute format('analyze relais.%I', grown);
  end loop;
end $$;
revoke execute on function analyze_grown() from public;
grant execute on function analyze_grown() to relais_worker;
