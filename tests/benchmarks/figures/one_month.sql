-- One provider's December comes again: one day in ten corrected, one in fifty withdrawn, one exit reason in twenty changed
BEGIN;
UPDATE core.narvaro SET known_to = clock_timestamp()
WHERE sender = '5500000001' AND period = '2025-12-01' AND known_to = 'infinity' AND row_no % 10 = 0;
INSERT INTO core.narvaro (
    sender, period, insats_id, datum, planerade_timmar, narvarande_timmar, delivery_id, row_no, known_from
)
SELECT sender, period, insats_id, datum, planerade_timmar, planerade_timmar / 4, 2, row_no, known_to
FROM core.narvaro
WHERE sender = '5500000001' AND period = '2025-12-01' AND known_to < 'infinity' AND row_no % 50 <> 0;
UPDATE core.insatser SET known_to = clock_timestamp()
WHERE sender = '5500000001' AND period = '2025-12-01' AND known_to = 'infinity' AND row_no % 20 = 0;
INSERT INTO core.insatser (
    sender, period, insats_id, person_id, insatstyp, anvisad_datum, startdatum, slutdatum, avslutsorsak,
    kartlaggning_datum, delivery_id, row_no, known_from
)
SELECT
    sender, period, insats_id, person_id, insatstyp, anvisad_datum, startdatum, slutdatum,
    CASE WHEN slutdatum IS NOT NULL THEN 'arbete' END, kartlaggning_datum, 2, row_no, known_to
FROM core.insatser
WHERE sender = '5500000001' AND period = '2025-12-01' AND known_to < 'infinity';
INSERT INTO lineage.delivery (
    run_id, dataset, sender, period, file_name, sha256, size_bytes, channel, status, received_at, finished_at, rows_in,
    rows_loaded, rows_unchanged, rows_quarantined
)
SELECT
    1, d.dataset, '5500000001', '2025-12-01', 'fil.csv', repeat('1', 64), 1, 'mapp', 'mottagen', transaction_timestamp(),
    clock_timestamp(), 0, 0, 0, 0
FROM unnest(ARRAY['insatser', 'narvaro']) AS d (dataset);
COMMIT;
