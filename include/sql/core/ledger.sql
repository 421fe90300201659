-- core.ledger(as_of): one row is budget and outcome of one account, follow-up object and month, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

CREATE OR REPLACE FUNCTION core.ledger(as_of timestamptz)
RETURNS TABLE (
    manad date,
    objekt_id text,
    konto text,
    budget numeric,
    utfall numeric,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (e.manad, e.objekt_id, e.konto)
        e.manad, e.objekt_id, e.konto, e.budget, e.utfall, e.delivery_id, e.row_no
    FROM core.ekonomi AS e
    WHERE e.known_from <= ledger.as_of AND ledger.as_of < e.known_to
    ORDER BY e.manad, e.objekt_id, e.konto, e.period DESC
$$;
COMMENT ON FUNCTION core.ledger IS 'Budget and outcome as known at a time: the newest delivery month decides';
GRANT EXECUTE ON FUNCTION core.ledger TO arshjul_compute;

RESET ROLE;
