-- core.progress(as_of): one row is one ended enrolment with its first and last step on the staircase, where they are known.
SET LOCAL ROLE arshjul_owner;

-- First is the earliest placement at the referral, last the latest one at the end; placements in between do not count.
CREATE OR REPLACE FUNCTION core.progress(as_of timestamptz)
RETURNS TABLE (
    observation_id text,
    anordnare text,
    insatstyp text,
    kon text,
    slutdatum date,
    first_step integer,
    last_step integer,
    sources bigint[]
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT
        x.observation_id, x.anordnare, x.insatstyp, x.kon, x.slutdatum, f.steg, l.steg,
        ARRAY[
            ARRAY[x.delivery_id, x.row_no], ARRAY[f.delivery_id, f.row_no], ARRAY[l.delivery_id, l.row_no]
        ]
    FROM core.exit(progress.as_of) AS x
    LEFT JOIN (
        SELECT DISTINCT ON (p.anordnare, p.insats_id) p.*
        FROM core.placement(progress.as_of) AS p
        WHERE p.tillfalle = 'anvisning'
        ORDER BY p.anordnare, p.insats_id, p.datum
    ) AS f USING (anordnare, insats_id)
    LEFT JOIN (
        SELECT DISTINCT ON (p.anordnare, p.insats_id) p.*
        FROM core.placement(progress.as_of) AS p
        WHERE p.tillfalle = 'avslut'
        ORDER BY p.anordnare DESC, p.insats_id DESC, p.datum DESC
    ) AS l USING (anordnare, insats_id)
$$;
COMMENT ON FUNCTION core.progress IS 'Ended enrolments with the step at the referral and the step at the end';
GRANT EXECUTE ON FUNCTION core.progress TO arshjul_compute;

RESET ROLE;
