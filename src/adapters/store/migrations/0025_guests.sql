-- An organization without a system: it is told by mail, without content, and reads by a link (docs/access-links.md).
-- Rules of every migration: see 0001_spine.sql.

-- {email, lang, channel: {kind, hint}}: the service's own address, and on which other way it is told the code.
alter table partner add column guest jsonb;
alter table partner add constraint guest_alone check (guest is null or (endpoint is null and webhook is null and jwks is null and jwks_uri is null));
