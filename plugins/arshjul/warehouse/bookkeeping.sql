-- What has been done to this database: the runner's own two tables, made before the first migration.
CREATE TABLE IF NOT EXISTS public.schema_migration (
    number integer PRIMARY KEY,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE public.schema_migration IS 'Migrations this database has gone through, forward only';
COMMENT ON COLUMN public.schema_migration.number IS 'The four digits the file''s name begins with';
COMMENT ON COLUMN public.schema_migration.name IS 'The file''s name';
COMMENT ON COLUMN public.schema_migration.sha256 IS 'Hash of the file as it was run; a changed file is refused';
COMMENT ON COLUMN public.schema_migration.applied_at IS 'When it was run';

CREATE TABLE IF NOT EXISTS public.schema_definition (
    path text PRIMARY KEY,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE public.schema_definition IS 'Functions and views (CREATE OR REPLACE) as they were last run';
COMMENT ON COLUMN public.schema_definition.path IS 'The file below include/sql';
COMMENT ON COLUMN public.schema_definition.sha256 IS 'Hash of the file as it was run; a difference runs all of them again';
COMMENT ON COLUMN public.schema_definition.applied_at IS 'When it was run';
