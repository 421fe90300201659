-- core.age_group(birth_date, on_date): the age group of a person on a day (spec/indicators.md); okand without a birth date.
SET LOCAL ROLE arshjul_owner;

-- Days that do not depend on the person, so that PostgreSQL works them out once for all rows. Whole years: 25 years before
-- 28 February 2021 is 28 February 1996, and who was born the day after becomes a year older on 1 March.
CREATE OR REPLACE FUNCTION core.age_group(birth_date date, on_date date) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE
        WHEN birth_date IS NULL OR on_date IS NULL THEN 'okand'
        WHEN birth_date > (on_date - interval '25 years')::date THEN '16-24'
        WHEN birth_date > (on_date - interval '35 years')::date THEN '25-34'
        WHEN birth_date > (on_date - interval '45 years')::date THEN '35-44'
        WHEN birth_date > (on_date - interval '55 years')::date THEN '45-54'
        ELSE '55+'
    END
$$;
COMMENT ON FUNCTION core.age_group IS 'Age group on a day: 16-24, 25-34, 35-44, 45-54, 55+ or okand';
GRANT EXECUTE ON FUNCTION core.age_group TO arshjul_compute;

RESET ROLE;
