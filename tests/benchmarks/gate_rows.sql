-- A month of one sender: :rows enrolments and :rows days of attendance that intake let through, a few of them broken.
INSERT INTO lineage.run (dag_id, dag_run_id, period, code_version) VALUES ('bench', 'bench', '2026-03', 'bench');
INSERT INTO lineage.delivery (run_id, dataset, sender, period, file_name, sha256, size_bytes, channel, status, is_current,
                              rows_in, rows_loaded, rows_unchanged, rows_quarantined)
SELECT run_id, dataset, '5560360793', '2026-03-01', 'fil.csv', repeat('0', 64), 1, 'mapp', 'mottagen', true, :rows, :rows, 0, 0
FROM lineage.run, unnest(ARRAY['insatser', 'narvaro']) AS dataset;
INSERT INTO staging.insatser (delivery_id, row_no, insats_id, person_id, insatstyp, anvisad_datum, startdatum, slutdatum,
                              avslutsorsak, coach_id, kartlaggning_datum, reasons)
SELECT delivery_id, n, 'A-' || n, gen_random_uuid(), 'jobbpeng_grund', date '2025-11-01', date '2025-12-01' + n % 90,
       CASE WHEN n % 3 = 0 THEN date '2026-03-31' - n % 20 END, CASE WHEN n % 3 = 0 THEN 'arbete' END, 'c' || n % 40,
       date '2025-12-10', 0
FROM lineage.delivery, generate_series(1, :rows) AS n
WHERE dataset = 'insatser';
INSERT INTO staging.narvaro (delivery_id, row_no, insats_id, datum, planerade_timmar, narvarande_timmar, franvaroorsak, reasons)
SELECT delivery_id, n, 'A-' || n / 20, date '2026-03-01' + n % 20, 8, CASE WHEN n = 7 THEN 9 WHEN n % 9 = 0 THEN 4 ELSE 8 END,
       CASE WHEN n % 9 = 0 THEN 'sjuk' WHEN n = 11 THEN 'okand' END, 0
FROM lineage.delivery, generate_series(1, :rows) AS n
WHERE dataset = 'narvaro';
ANALYZE staging.insatser;
ANALYZE staging.narvaro;
