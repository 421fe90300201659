-- register.provider_payment(as_of, first_day, last_day): one row is what one provider was paid for one month, and what it performed.
SET LOCAL ROLE arshjul_owner;

-- Security definer: the ledger's readers and the controller's mail get sums without reaching core. The amounts are not
-- protected, so whoever makes reports may not run it.
CREATE OR REPLACE FUNCTION register.provider_payment(as_of timestamptz, first_day date, last_day date)
RETURNS TABLE (
    provider text,
    name text,
    month date,
    paid numeric,
    payable_days bigint,
    expected numeric,
    unpriced bigint
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    SELECT
        r.anordnare, coalesce(p.namn, r.anordnare), r.manad,
        coalesce(sum(r.paid) FILTER (WHERE r.price IS NOT NULL), 0),
        coalesce(sum(r.payable_days) FILTER (WHERE r.price IS NOT NULL), 0)::bigint,
        coalesce(sum(r.payable_days * r.price), 0),
        count(*) FILTER (WHERE r.price IS NULL)
    FROM core.remuneration(provider_payment.as_of, provider_payment.first_day, provider_payment.last_day) AS r
    LEFT JOIN core.provider(provider_payment.as_of) AS p ON p.orgnr = r.anordnare
    GROUP BY r.anordnare, p.namn, r.manad
$$;
COMMENT ON FUNCTION register.provider_payment IS
'What each provider was paid for each month beside what its days with attendance cost; unprotected';
REVOKE EXECUTE ON FUNCTION register.provider_payment FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.provider_payment TO arshjul_compute, arshjul_publish, arshjul_audit;

RESET ROLE;
