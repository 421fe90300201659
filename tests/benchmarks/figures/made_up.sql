-- A made-up year of core, the same on every machine: {enrolments} enrolments with {days} days of attendance each
CREATE FUNCTION pg_temp.dice(n bigint, salt integer, sides integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (hashint8extended(n, salt) & 9223372036854775807) % sides;

INSERT INTO lineage.run (dag_id, dag_run_id, code_version) VALUES ('bench', 'bench', 'bench');
INSERT INTO lineage.delivery (
    run_id, dataset, sender, period, file_name, sha256, size_bytes, channel, status, received_at, finished_at, rows_in,
    rows_loaded, rows_unchanged, rows_quarantined
)
SELECT
    1, d.dataset, '55' || lpad(s.n::text, 8, '0'), m.month, 'fil.csv', repeat('0', 64), 1, 'mapp', 'mottagen',
    m.month + interval '1 month 4 days', m.month + interval '1 month 4 days', 0, 0, 0, 0
FROM unnest(ARRAY['insatser', 'narvaro', 'trappsteg', 'uppfoljningar', 'kapacitet']) AS d (dataset)
CROSS JOIN generate_series(0, {providers} - 1) AS s (n)
CROSS JOIN generate_series(date '2025-01-01', date '2025-12-01', interval '1 month') AS m (month);

INSERT INTO core.person (person_id, birth_date, sex)
SELECT
    md5('person ' || n)::uuid, date '1960-01-01' + pg_temp.dice(n, 1, 17000),
    CASE pg_temp.dice(n, 2, 2) WHEN 0 THEN 'man' ELSE 'kvinna' END
FROM generate_series(0, {enrolments} * 3 / 5) AS n;

CREATE TEMPORARY TABLE stay AS
SELECT
    n, '55' || lpad(pg_temp.dice(n, 3, {providers})::text, 8, '0') AS sender, 'E' || n AS insats_id,
    md5('person ' || pg_temp.dice(n, 4, {enrolments} * 3 / 5))::uuid AS person_id,
    (ARRAY['jobbpeng_grund', 'jobbpeng_forstarkt', 'sprak_och_arbetsintroduktion', 'praktik', 'studieforberedande',
           'arbetstraning'])[1 + pg_temp.dice(n, 5, 6)] AS insatstyp,
    b.startdatum,
    greatest(b.startdatum + 45 + pg_temp.dice(n, 6, 180), date '2025-02-15') AS slutdatum,
    (ARRAY['arbete', 'kommunal_anstallning', 'eget_foretag', 'studier', 'andra_studier', 'deltidsarbete', 'sfi',
           'af_insats', 'foraldraledig', 'sjukskriven', 'annat', 'flyttat'])[1 + pg_temp.dice(n, 7, 12)] AS avslutsorsak,
    CASE WHEN pg_temp.dice(n, 8, 10) > 0 THEN b.startdatum - pg_temp.dice(n, 9, 30) END AS anvisad_datum,
    CASE WHEN pg_temp.dice(n, 10, 10) > 0 THEN b.startdatum + pg_temp.dice(n, 11, 25) END AS kartlaggning_datum
FROM generate_series(0, {enrolments} - 1) AS n
CROSS JOIN LATERAL (SELECT date '2024-10-01' + pg_temp.dice(n, 12, 410) AS startdatum) AS b;

-- Every month tells the enrolments that were active in it; an end is told from its month on.
INSERT INTO core.insatser (
    sender, period, insats_id, person_id, insatstyp, anvisad_datum, startdatum, slutdatum, avslutsorsak,
    kartlaggning_datum, delivery_id, row_no, known_from
)
SELECT
    s.sender, m.month::date, s.insats_id, s.person_id, s.insatstyp, s.anvisad_datum, s.startdatum,
    CASE WHEN s.slutdatum < m.month + interval '1 month' THEN s.slutdatum END,
    CASE WHEN s.slutdatum < m.month + interval '1 month' THEN s.avslutsorsak END,
    s.kartlaggning_datum, 1, s.n, m.month + interval '1 month 4 days'
FROM stay AS s
CROSS JOIN LATERAL generate_series(
    greatest(date_trunc('month', s.startdatum), date '2025-01-01'), least(s.slutdatum, date '2025-12-31'),
    interval '1 month'
) AS m (month)
ORDER BY s.sender, m.month, s.n;

INSERT INTO core.narvaro (
    sender, period, insats_id, datum, planerade_timmar, narvarande_timmar, franvaroorsak, delivery_id, row_no, known_from
)
SELECT
    s.sender, date_trunc('month', d.datum)::date, s.insats_id, d.datum, h.planned,
    CASE WHEN pg_temp.dice(s.n * 64 + k, 13, 7) > 0 THEN h.planned ELSE h.planned / 2 END,
    CASE WHEN pg_temp.dice(s.n * 64 + k, 13, 7) > 0 THEN NULL ELSE 'sjuk' END,
    1, s.n, date_trunc('month', d.datum) + interval '1 month 4 days'
FROM (
    SELECT s.*, greatest(s.startdatum, date '2025-01-01') AS first, least(s.slutdatum, date '2025-12-31') AS last
    FROM stay AS s
) AS s
CROSS JOIN generate_series(0, {days} - 1) AS k
CROSS JOIN LATERAL (SELECT s.first + k * greatest((s.last - s.first) / {days}, 1) AS datum) AS d
CROSS JOIN LATERAL (SELECT (ARRAY[8, 7.5, 6, 4, 3.5])[1 + pg_temp.dice(s.n * 64 + k, 14, 5)] AS planned) AS h
ORDER BY 1, 2, s.n;

INSERT INTO core.trappsteg (
    sender, period, insats_id, datum, steg, tillfalle, metodversion, delivery_id, row_no, known_from
)
SELECT
    s.sender, date_trunc('month', greatest(t.datum, date '2025-01-01'))::date, s.insats_id, t.datum, t.steg, t.tillfalle,
    '1', 1, s.n, date_trunc('month', greatest(t.datum, date '2025-01-01')) + interval '1 month 4 days'
FROM stay AS s
CROSS JOIN LATERAL (
    VALUES
        (s.startdatum, 'anvisning', 1 + pg_temp.dice(s.n, 15, 3), pg_temp.dice(s.n, 16, 10) > 0),
        (s.slutdatum, 'avslut', 1 + pg_temp.dice(s.n, 17, 5), pg_temp.dice(s.n, 18, 10) > 1)
) AS t (datum, tillfalle, steg, is_told)
WHERE t.is_told AND t.datum <= date '2025-12-31'
ORDER BY 1, 2;

INSERT INTO core.uppfoljningar (sender, period, insats_id, manader, datum, status, delivery_id, row_no, known_from)
SELECT
    s.sender, date_trunc('month', u.datum)::date, s.insats_id, u.manader, u.datum,
    (ARRAY['egen_forsorjning', 'egen_forsorjning', 'ej_egen_forsorjning', 'ej_nadd'])[1 + pg_temp.dice(s.n, 19, 4)],
    1, s.n, date_trunc('month', u.datum) + interval '1 month 4 days'
FROM stay AS s
CROSS JOIN LATERAL (
    SELECT m.manader, (s.slutdatum + make_interval(months => m.manader))::date AS datum
    FROM (VALUES (3), (6), (12)) AS m (manader)
) AS u
WHERE s.avslutsorsak IN ('arbete', 'kommunal_anstallning', 'eget_foretag', 'studier') AND u.datum <= date '2025-12-31'
    AND pg_temp.dice(s.n, 20, 5) > 0
ORDER BY 1, 2;

INSERT INTO core.kapacitet (sender, period, manad, coacher, platser, delivery_id, row_no, known_from)
SELECT
    '55' || lpad(s.n::text, 8, '0'), m.month, m.month, 5 + pg_temp.dice(s.n, 21, 40) / 4.0, 100 + pg_temp.dice(s.n, 22, 50),
    1, 1, m.month + interval '1 month 4 days'
FROM generate_series(0, {providers} - 1) AS s (n)
CROSS JOIN generate_series(date '2025-01-01', date '2025-12-01', interval '1 month') AS m (month);
