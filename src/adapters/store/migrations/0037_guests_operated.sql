-- Guests that an operator looks after: what is tried is the way of a notice to an address (docs/partners.md).
-- Rules of every migration: see 0001_spine.sql.

-- As it was registered then, like the endpoint: a test of another address says nothing of this one.
alter table partner_test alter column endpoint drop not null, add column email text;
alter table partner_test add constraint tested_one_way check ((endpoint is null) <> (email is null));
