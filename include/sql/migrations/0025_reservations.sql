-- Public tables on their way out: two reports that are prepared at the same time are made beside each other.
SET LOCAL ROLE arshjul_owner;

CREATE TABLE indicator.reservation (
    reservation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    protection_id bigint NOT NULL REFERENCES indicator.protection,
    report_id text NOT NULL,
    period text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE indicator.reservation IS
'A public table that a report waits to publish: others are made beside it. Safety never rests on it: what leaves is proved anew';
COMMENT ON COLUMN indicator.reservation.reservation_id IS 'Number of the reservation; of a report and period the newest counts';
COMMENT ON COLUMN indicator.reservation.protection_id IS 'The protection that is to be published';
COMMENT ON COLUMN indicator.reservation.report_id IS 'The report';
COMMENT ON COLUMN indicator.reservation.period IS 'The period it is about';
COMMENT ON COLUMN indicator.reservation.made_at IS 'When; it counts for sixty days';

GRANT SELECT ON indicator.reservation TO arshjul_compute, arshjul_publish, arshjul_audit;
GRANT INSERT (protection_id, report_id, period) ON indicator.reservation TO arshjul_compute;
COMMENT ON COLUMN indicator.protection.against IS
'Every protection that it was made beside: those released then, in order, and those that other reports were about to release';

RESET ROLE;
