-- core.pin_as_of(): the point of knowledge to compute at; every load before it is done, every later one comes after it.
SET LOCAL ROLE arshjul_owner;

-- A load takes lock 7302 shared, reads the clock and holds the lock until it commits. Whoever holds it exclusively has
-- therefore no load in flight whose rows would later appear with a known_from before the time returned here.
CREATE OR REPLACE FUNCTION core.pin_as_of() RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7302);
    RETURN clock_timestamp();
END
$$;
COMMENT ON FUNCTION core.pin_as_of IS 'Now, with no load in flight; loads wait until the transaction ends';
GRANT EXECUTE ON FUNCTION core.pin_as_of TO arshjul_intake, arshjul_compute;

RESET ROLE;
