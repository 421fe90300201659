-- register.sampled_payment(as_of, first_day, last_day): one row is a payment that can be drawn for a spot check.
SET LOCAL ROLE arshjul_owner;

-- One is an enrolment and month for which something was paid. Security definer: it gives the provider's own number of the
-- enrolment and never the person. Not for reports.
CREATE OR REPLACE FUNCTION register.sampled_payment(as_of timestamptz, first_day date, last_day date)
RETURNS TABLE (
    payment text, provider text, name text, insats_id text, month date, paid numeric, payable_days bigint, price numeric
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    SELECT
        r.observation_id, r.anordnare, coalesce(p.namn, r.anordnare), r.insats_id, r.manad, r.paid, r.payable_days, r.price
    FROM core.remuneration(sampled_payment.as_of, sampled_payment.first_day, sampled_payment.last_day) AS r
    LEFT JOIN core.provider(sampled_payment.as_of) AS p ON p.orgnr = r.anordnare
    WHERE r.paid <> 0
$$;
COMMENT ON FUNCTION register.sampled_payment IS 'Payments of a period, one for each enrolment and month, as known at a time';
REVOKE EXECUTE ON FUNCTION register.sampled_payment FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.sampled_payment TO arshjul_compute, arshjul_audit;

RESET ROLE;
