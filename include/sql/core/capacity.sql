-- core.capacity(as_of): one row is what one provider could take in one month, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

CREATE OR REPLACE FUNCTION core.capacity(as_of timestamptz)
RETURNS TABLE (
    anordnare text,
    manad date,
    last_day date,
    coacher numeric,
    platser integer,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (k.sender, k.manad)
        k.sender, k.manad, (k.manad + interval '1 month - 1 day')::date, k.coacher, k.platser, k.delivery_id, k.row_no
    FROM core.kapacitet AS k
    WHERE k.known_from <= capacity.as_of AND capacity.as_of < k.known_to
    ORDER BY k.sender, k.manad, k.period DESC
$$;
COMMENT ON FUNCTION core.capacity IS 'Coaches and places of a provider and month as known at a time';
GRANT EXECUTE ON FUNCTION core.capacity TO arshjul_compute;

RESET ROLE;
