-- A gateway says that it is ready only when every migration of its version is applied, so it may read their names.
grant select (name, checksum) on migration to relais_app;
