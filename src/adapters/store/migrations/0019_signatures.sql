-- The signature that goes with a bundle (docs/evidence.md). Rules of every migration: see 0001_spine.sql.

-- Keys that sign bundles. Their public halves stay when they retire: old signatures are checked with them.
alter table signing_key drop constraint signing_key_purpose_check;
alter table signing_key add constraint signing_key_purpose_check
  check (purpose in ('access-token', 'client-assertion', 'bundle'));

-- Detached JWS over the bytes, kept before the first of them leaves. Whoever has it can test a guess of the content, so it
-- goes with the person.
alter table transfer add column signature text check (length(signature) <= 2000);
grant update (signature) on transfer to relais_app;
