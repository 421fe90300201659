-- core.age_group(birth_date, on_date): the age group of a person on a day (spec/indicators.md); okand without a birth date.
SET LOCAL ROLE arshjul_owner;

-- age() counts whole years, so a person born on 29 February becomes a year older on 1 March of a common year.
CREATE OR REPLACE FUNCTION core.age_group(birth_date date, on_date date) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT coalesce(
        (ARRAY['16-24', '25-34', '35-44', '45-54', '55+'])[
            1 + width_bucket(extract(year FROM age(on_date, birth_date)), ARRAY[25, 35, 45, 55]::numeric[])
        ],
        'okand'
    )
$$;
COMMENT ON FUNCTION core.age_group IS 'Age group on a day: 16-24, 25-34, 35-44, 45-54, 55+ or okand';
GRANT EXECUTE ON FUNCTION core.age_group TO arshjul_compute;

RESET ROLE;
