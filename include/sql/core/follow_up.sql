-- core.follow_up(as_of, months): one row is one reached exit (own definition), followed up that many months later or not.
SET LOCAL ROLE arshjul_owner;

-- Calendar months, as PostgreSQL adds them: three months after 30 November is the last day of February.
CREATE OR REPLACE FUNCTION core.follow_up(as_of timestamptz, months integer)
RETURNS TABLE (
    observation_id text,
    anordnare text,
    insatstyp text,
    due_date date,
    status text,
    sources bigint[]
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT
        x.observation_id, x.anordnare, x.insatstyp,
        (x.slutdatum + make_interval(months => follow_up.months))::date,
        f.status,
        ARRAY[ARRAY[x.delivery_id, x.row_no], ARRAY[f.delivery_id, f.row_no]]
    FROM core.exit(follow_up.as_of) AS x
    LEFT JOIN (
        SELECT DISTINCT ON (u.sender, u.insats_id) u.*
        FROM core.uppfoljningar AS u
        WHERE u.manader = follow_up.months
            AND u.known_from <= follow_up.as_of AND follow_up.as_of < u.known_to
        ORDER BY u.sender DESC, u.insats_id DESC, u.period DESC
    ) AS f ON f.sender = x.anordnare AND f.insats_id = x.insats_id
    WHERE x.own = 'reached'
$$;
COMMENT ON FUNCTION core.follow_up IS 'Reached exits with the day they are to be followed up, and what the follow-up found';
GRANT EXECUTE ON FUNCTION core.follow_up TO arshjul_compute;

RESET ROLE;
