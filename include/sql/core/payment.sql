-- core.payment(as_of): one row is one payment to a provider for one enrolment and one month, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

CREATE OR REPLACE FUNCTION core.payment(as_of timestamptz)
RETURNS TABLE (
    utbetalning_id text,
    anordnare text,
    insats_id text,
    manad date,
    ersatta_dagar numeric,
    dagpris numeric,
    belopp numeric,
    delivery_month date,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (u.utbetalning_id)
        u.utbetalning_id, u.anordnare_orgnr, u.insats_id, u.manad, u.ersatta_dagar, u.dagpris, u.belopp, u.period,
        u.delivery_id, u.row_no
    FROM core.utbetalningar AS u
    WHERE u.known_from <= payment.as_of AND payment.as_of < u.known_to
    ORDER BY u.utbetalning_id, u.period DESC
$$;
COMMENT ON FUNCTION core.payment IS 'Payments as known at a time: the newest delivery month decides';
GRANT EXECUTE ON FUNCTION core.payment TO arshjul_compute;

RESET ROLE;
