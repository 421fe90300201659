-- core.provider(as_of): one row is one provider as the newest register it stands in tells it, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

-- The register is delivered whole: a provider that a newer register lacks was closed when that register's month began.
CREATE OR REPLACE FUNCTION core.provider(as_of timestamptz)
RETURNS TABLE (
    orgnr text,
    namn text,
    typ text,
    auktoriserad_fran date,
    auktoriserad_till date,
    kvalitetssystem text,
    certifikat text,
    certifikat_till date,
    epost text,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (a.orgnr)
        a.orgnr, a.namn, a.typ, a.auktoriserad_fran,
        least(a.auktoriserad_till, (
            SELECT min(later.period) - 1
            FROM core.anordnare AS later
            WHERE later.period > a.period
                AND later.known_from <= provider.as_of AND provider.as_of < later.known_to
        )),
        a.kvalitetssystem, a.certifikat, a.certifikat_till, a.epost, a.delivery_id, a.row_no
    FROM core.anordnare AS a
    WHERE a.known_from <= provider.as_of AND provider.as_of < a.known_to
    ORDER BY a.orgnr, a.period DESC
$$;
COMMENT ON FUNCTION core.provider IS 'The register of providers as known at a time, with the last day each is authorised';
GRANT EXECUTE ON FUNCTION core.provider TO arshjul_intake, arshjul_compute;

RESET ROLE;
