-- What looks after exceptional disclosures: the review of every broken glass, and notices that a person does not get for
-- now because they would endanger somebody. Rules of every migration: see 0001_spine.sql.
create index transfer_glass on transfer (sender_organization_id, requested_at) where ground_kind = 'break-glass' and status <> 'refused';

create table break_glass_review (
  transfer_id       uuid primary key references transfer,
  organization_id   uuid not null,
  outcome           text not null check (outcome in ('justified', 'not-justified')),
  -- In words: encrypted under the person's data key.
  note              bytea not null,
  actor             jsonb not null,
  reviewed_at       timestamptz not null default now()
);
call make_append_only('break_glass_review');

create table notice_deferral (
  id                uuid primary key default gen_random_uuid(),
  organization_id   uuid not null,
  transfer_id       uuid not null references transfer,
  -- In words: encrypted under the person's data key.
  reason            bytea not null,
  -- From this day on the person may read it.
  review_on         date not null,
  actor             jsonb not null,
  deferred_at       timestamptz not null default now(),
  -- Without a second reader it lapses.
  second_reader     jsonb,
  confirmed_at      timestamptz,
  lifted_by         jsonb,
  lifted_at         timestamptz,
  check ((second_reader is null) = (confirmed_at is null)),
  check ((lifted_by is null) = (lifted_at is null))
);
create index notice_deferral_transfer on notice_deferral (transfer_id);
create index notice_deferral_open on notice_deferral (organization_id, review_on) where lifted_at is null;

-- One place says whether a notice is deferred now.
create function is_deferred(d notice_deferral) returns boolean language sql stable as $$
  select d.lifted_at is null and d.review_on > (now() at time zone 'UTC')::date
     and (d.confirmed_at is not null or d.deferred_at > now() - interval '72 hours')
$$;

alter table break_glass_review enable row level security, force row level security;
alter table notice_deferral enable row level security, force row level security;
create policy own on break_glass_review to relais_app
  using (organization_id = (select current_organization())) with check (organization_id = (select current_organization()));
create policy own on notice_deferral to relais_app
  using (organization_id = (select current_organization())) with check (organization_id = (select current_organization()));
grant select, insert on break_glass_review to relais_app;
grant select, insert on notice_deferral to relais_app;
grant update (second_reader, confirmed_at, lifted_by, lifted_at) on notice_deferral to relais_app;
revoke execute on function is_deferred(notice_deferral) from public;
grant execute on function is_deferred(notice_deferral) to relais_app;
