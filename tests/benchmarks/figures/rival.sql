-- The same indicators and margins in DuckDB, from Parquet: base sets once, finest cells once, margins from cells
CREATE MACRO known(known_from, known_to) AS known_from <= TIMESTAMPTZ '{as_of}' AND TIMESTAMPTZ '{as_of}' < known_to;
CREATE MACRO in_period(day) AS day BETWEEN DATE '{start}' AND DATE '{end}';

CREATE TEMP TABLE enrolment AS
SELECT
    i.sender AS anordnare, i.insats_id, i.person_id, i.insatstyp, p.sex AS kon, i.startdatum, i.slutdatum, i.avslutsorsak,
    i.anvisad_datum, i.kartlaggning_datum,
    CASE
        WHEN p.birth_date IS NULL THEN 'okand'
        WHEN p.years < 25 THEN '16-24' WHEN p.years < 35 THEN '25-34' WHEN p.years < 45 THEN '35-44'
        WHEN p.years < 55 THEN '45-54' ELSE '55+'
    END AS aldersgrupp
FROM (
    SELECT * FROM read_parquet('{folder}/insatser.parquet') WHERE known(known_from, known_to)
    QUALIFY row_number() OVER (PARTITION BY sender, insats_id ORDER BY period DESC) = 1
) AS i
JOIN (
    SELECT *, date_part('year', age(DATE '{end}', birth_date)) AS years FROM read_parquet('{folder}/person.parquet')
) AS p USING (person_id);

CREATE TEMP TABLE exit AS
SELECT e.*, coalesce(c.own, 'outside') AS own, coalesce(c.kolada, 'outside') AS kolada, coalesce(c.lenient, 'outside') AS lenient
FROM enrolment AS e
LEFT JOIN (
    SELECT * FROM read_parquet('{folder}/code.parquet') WHERE code_list = 'avslutsorsaker' AND known(known_from, known_to)
) AS c ON c.code = e.avslutsorsak
WHERE e.slutdatum IS NOT NULL;

CREATE TEMP TABLE step AS
SELECT
    sender AS anordnare, insats_id,
    arg_min(steg, datum) FILTER (WHERE tillfalle = 'anvisning') AS first_step,
    arg_max(steg, datum) FILTER (WHERE tillfalle = 'avslut') AS last_step
FROM (
    SELECT * FROM read_parquet('{folder}/trappsteg.parquet') WHERE known(known_from, known_to)
    QUALIFY row_number() OVER (PARTITION BY sender, insats_id, datum, tillfalle ORDER BY period DESC) = 1
)
GROUP BY ALL;

CREATE TEMP TABLE follow_up AS
SELECT * FROM read_parquet('{folder}/uppfoljningar.parquet') WHERE known(known_from, known_to)
QUALIFY row_number() OVER (PARTITION BY sender, insats_id, manader ORDER BY period DESC) = 1;

CREATE TABLE result (
    indicator_id VARCHAR, avslutsorsak VARCHAR, insatstyp VARCHAR, anordnare VARCHAR, kon VARCHAR, aldersgrupp VARCHAR,
    numerator DECIMAL(18, 4), denominator DECIMAL(18, 4), value DOUBLE, observations BIGINT, units BIGINT
);

-- Enrolments active in the period.
CREATE TEMP TABLE active AS
SELECT
    insatstyp, anordnare, kon, aldersgrupp, count(*) AS insatser, count(*) FILTER (WHERE in_period(startdatum)) AS nya,
    count(*) FILTER (WHERE in_period(startdatum) AND anvisad_datum IS NOT NULL) AS referred,
    sum(startdatum - anvisad_datum) FILTER (WHERE in_period(startdatum)) AS waited,
    count(*) FILTER (WHERE startdatum BETWEEN DATE '{start}' AND DATE '{end}' - 14) AS early,
    count(*) FILTER (WHERE startdatum BETWEEN DATE '{start}' AND DATE '{end}' - 14 AND kartlaggning_datum <= startdatum + 14)
        AS mapped
FROM enrolment
WHERE startdatum <= DATE '{end}' AND coalesce(slutdatum, DATE '9999-12-31') >= DATE '{start}'
GROUP BY ALL;
INSERT INTO result
SELECT 'kunder', NULL, insatstyp, anordnare, kon, aldersgrupp, count(DISTINCT person_id) AS n, NULL, n, n, NULL
FROM (
    SELECT DISTINCT insatstyp, anordnare, kon, aldersgrupp, person_id FROM enrolment
    WHERE startdatum <= DATE '{end}' AND coalesce(slutdatum, DATE '9999-12-31') >= DATE '{start}'
)
GROUP BY CUBE (insatstyp, anordnare, kon, aldersgrupp);
INSERT INTO result
SELECT 'insatser', NULL, insatstyp, anordnare, kon, aldersgrupp, sum(insatser) AS n, NULL, n, n, NULL
FROM active GROUP BY CUBE (insatstyp, anordnare, kon, aldersgrupp);
INSERT INTO result
SELECT 'nya_insatser', NULL, insatstyp, anordnare, kon, aldersgrupp, sum(nya) AS n, NULL, n, n, NULL
FROM active WHERE nya > 0 GROUP BY CUBE (insatstyp, anordnare, kon, aldersgrupp);
INSERT INTO result
SELECT 'anordnare_aktiva', NULL, NULL, NULL, NULL, NULL, count(DISTINCT anordnare) AS n, NULL, n, n, NULL FROM active;
INSERT INTO result
SELECT 'tid_till_start', NULL, insatstyp, anordnare, NULL, NULL, sum(waited) AS s, sum(referred) AS n, s / n, n, NULL
FROM active WHERE referred > 0 GROUP BY CUBE (insatstyp, anordnare);
INSERT INTO result
SELECT 'kartlaggning_inom_14_dagar', NULL, insatstyp, anordnare, NULL, NULL, sum(mapped) AS s, sum(early) AS n, s / n, n, NULL
FROM active WHERE early > 0 GROUP BY CUBE (insatstyp, anordnare);

-- Enrolments that ended in the period.
CREATE TEMP TABLE ended AS
SELECT
    insatstyp, anordnare, kon, aldersgrupp, avslutsorsak, count(*) AS exits,
    count(*) FILTER (WHERE own <> 'outside') AS own_n, count(*) FILTER (WHERE own = 'reached') AS own_reached,
    count(*) FILTER (WHERE kolada <> 'outside') AS kolada_n, count(*) FILTER (WHERE kolada = 'reached') AS kolada_reached,
    count(*) FILTER (WHERE lenient <> 'outside') AS lenient_n,
    count(*) FILTER (WHERE lenient = 'reached') AS lenient_reached,
    sum(slutdatum - startdatum + 1) FILTER (WHERE own = 'reached') AS days,
    count(*) FILTER (WHERE first_step IS NOT NULL AND last_step IS NOT NULL) AS measured,
    count(*) FILTER (WHERE last_step > first_step) AS moved, coalesce(sum(last_step - first_step), 0) AS steps
FROM exit LEFT JOIN step USING (anordnare, insats_id)
WHERE in_period(slutdatum)
GROUP BY ALL;
INSERT INTO result
SELECT 'maluppfyllelse', NULL, insatstyp, anordnare, kon, aldersgrupp, sum(own_reached) AS s, sum(own_n) AS n, s / n, n, NULL
FROM ended WHERE own_n > 0 GROUP BY CUBE (insatstyp, anordnare, kon, aldersgrupp);
INSERT INTO result
SELECT 'maluppfyllelse_kolada', NULL, insatstyp, anordnare, kon, aldersgrupp, sum(kolada_reached) AS s, sum(kolada_n) AS n,
    s / n, n, NULL
FROM ended WHERE kolada_n > 0 GROUP BY CUBE (insatstyp, anordnare, kon, aldersgrupp);
INSERT INTO result
SELECT 'maluppfyllelse_bred', NULL, insatstyp, anordnare, kon, aldersgrupp, sum(lenient_reached) AS s, sum(lenient_n) AS n,
    s / n, n, NULL
FROM ended WHERE lenient_n > 0 GROUP BY CUBE (insatstyp, anordnare, kon, aldersgrupp);
INSERT INTO result
SELECT 'avslutsorsaker', avslutsorsak, insatstyp, NULL, NULL, NULL, s, max(s) OVER (PARTITION BY insatstyp) AS d, s / d, s, NULL
FROM (SELECT avslutsorsak, insatstyp, sum(exits) AS s FROM ended GROUP BY CUBE (avslutsorsak, insatstyp));
INSERT INTO result
SELECT 'insatsdagar_till_egen_forsorjning', NULL, insatstyp, anordnare, kon, NULL, sum(days) AS s, sum(own_reached) AS n, s / n,
    n, NULL
FROM ended WHERE own_reached > 0 GROUP BY CUBE (insatstyp, anordnare, kon);
INSERT INTO result
SELECT 'insatsdagar_till_egen_forsorjning_median', NULL, insatstyp, anordnare, kon, NULL, sum(slutdatum - startdatum + 1), NULL,
    quantile_cont(slutdatum - startdatum + 1, 0.5), count(*), NULL
FROM exit WHERE in_period(slutdatum) AND own = 'reached' GROUP BY CUBE (insatstyp, anordnare, kon);
INSERT INTO result
SELECT 'stegforflyttning', NULL, insatstyp, anordnare, kon, NULL, sum(moved) AS s, sum(measured) AS n, s / n, n, NULL
FROM ended WHERE measured > 0 GROUP BY CUBE (insatstyp, anordnare, kon);
INSERT INTO result
SELECT 'stegforflyttning_medel', NULL, insatstyp, anordnare, kon, NULL, sum(steps) AS s, sum(measured) AS n, s / n, n, NULL
FROM ended WHERE measured > 0 GROUP BY CUBE (insatstyp, anordnare, kon);
INSERT INTO result
SELECT 'trappmatning_tackning', NULL, insatstyp, anordnare, NULL, NULL, sum(measured) AS s, sum(exits) AS d, s / d, d, NULL
FROM ended GROUP BY CUBE (insatstyp, anordnare);

-- Follow-ups due in the period.
CREATE TEMP TABLE due AS
SELECT
    m.manader, x.insatstyp, x.anordnare, count(*) AS exits,
    count(*) FILTER (WHERE f.status IS NOT NULL AND f.status <> 'ej_nadd') AS reached,
    count(*) FILTER (WHERE f.status = 'egen_forsorjning') AS kept
FROM exit AS x
CROSS JOIN (VALUES (3), (6), (12)) AS m (manader)
LEFT JOIN follow_up AS f ON f.sender = x.anordnare AND f.insats_id = x.insats_id AND f.manader = m.manader
WHERE x.own = 'reached' AND in_period(CAST(x.slutdatum + to_months(m.manader) AS DATE))
GROUP BY ALL;
INSERT INTO result
SELECT 'uppfoljning_tackning_3m', NULL, insatstyp, anordnare, NULL, NULL, coalesce(sum(reached), 0) AS s, coalesce(sum(exits), 0) AS d,
    s / nullif(d, 0), d, NULL
FROM due WHERE manader = 3 GROUP BY CUBE (insatstyp, anordnare);
INSERT INTO result
SELECT 'kvar_i_egen_forsorjning_3m', NULL, insatstyp, anordnare, NULL, NULL, coalesce(sum(kept), 0) AS s,
    coalesce(sum(reached), 0) AS d, s / nullif(d, 0), d, NULL
FROM due WHERE manader = 3 AND reached > 0 GROUP BY CUBE (insatstyp, anordnare);
INSERT INTO result
SELECT 'uppfoljning_tackning_6m', NULL, insatstyp, anordnare, NULL, NULL, coalesce(sum(reached), 0) AS s, coalesce(sum(exits), 0) AS d,
    s / nullif(d, 0), d, NULL
FROM due WHERE manader = 6 GROUP BY CUBE (insatstyp, anordnare);
INSERT INTO result
SELECT 'kvar_i_egen_forsorjning_6m', NULL, insatstyp, anordnare, NULL, NULL, coalesce(sum(kept), 0) AS s,
    coalesce(sum(reached), 0) AS d, s / nullif(d, 0), d, NULL
FROM due WHERE manader = 6 AND reached > 0 GROUP BY CUBE (insatstyp, anordnare);
INSERT INTO result
SELECT 'uppfoljning_tackning_12m', NULL, insatstyp, anordnare, NULL, NULL, coalesce(sum(reached), 0) AS s, coalesce(sum(exits), 0) AS d,
    s / nullif(d, 0), d, NULL
FROM due WHERE manader = 12 GROUP BY CUBE (insatstyp, anordnare);
INSERT INTO result
SELECT 'kvar_i_egen_forsorjning_12m', NULL, insatstyp, anordnare, NULL, NULL, coalesce(sum(kept), 0) AS s,
    coalesce(sum(reached), 0) AS d, s / nullif(d, 0), d, NULL
FROM due WHERE manader = 12 AND reached > 0 GROUP BY CUBE (insatstyp, anordnare);

-- Capacity.
CREATE TEMP TABLE capacity AS
SELECT k.sender AS anordnare, k.coacher, k.platser, count(e.insats_id) AS enrolments, count(DISTINCT e.person_id) AS persons
FROM (
    SELECT *, last_day(manad) AS last FROM read_parquet('{folder}/kapacitet.parquet')
    WHERE known(known_from, known_to) AND in_period(manad)
    QUALIFY row_number() OVER (PARTITION BY sender, manad ORDER BY period DESC) = 1
) AS k
LEFT JOIN enrolment AS e
    ON e.anordnare = k.sender AND k.last BETWEEN e.startdatum AND coalesce(e.slutdatum, DATE '9999-12-31')
GROUP BY k.sender, k.manad, k.coacher, k.platser;
INSERT INTO result
SELECT 'kunder_per_coach', NULL, NULL, anordnare, NULL, NULL, sum(persons) AS s, sum(coacher) AS d, s / d, count(*), NULL
FROM capacity GROUP BY CUBE (anordnare);
INSERT INTO result
SELECT 'kapacitetsutnyttjande', NULL, NULL, anordnare, NULL, NULL, sum(enrolments) AS s, sum(platser) AS d, s / d, count(*), NULL
FROM capacity GROUP BY CUBE (anordnare);

-- Attendance, from its days.
CREATE TEMP TABLE attended AS
SELECT
    e.insatstyp, e.anordnare, e.person_id, sum(a.attended) AS attended, sum(a.planned) AS planned, sum(a.days)::BIGINT AS days
FROM (
    SELECT
        sender AS anordnare, insats_id, sum(narvarande_timmar) AS attended, sum(planerade_timmar) AS planned, count(*) AS days
    FROM read_parquet('{folder}/narvaro.parquet')
    WHERE known(known_from, known_to) AND in_period(datum)
    GROUP BY ALL
) AS a
JOIN enrolment AS e USING (anordnare, insats_id)
GROUP BY ALL;
INSERT INTO result
SELECT 'narvarograd', NULL, insatstyp, anordnare, NULL, NULL, sum(attended) AS s, sum(planned) AS d, s / d, sum(days),
    count(DISTINCT person_id)
FROM attended GROUP BY CUBE (insatstyp, anordnare);
