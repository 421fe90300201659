-- core.remuneration(as_of, first_day, last_day): one row is an enrolment and month with a payment or payable days.
SET LOCAL ROLE arshjul_owner;

-- Payable are the days with attendance. Their price is what the enrolment was paid a day in that month; with several
-- payments the newest one's, since a correction repays the wrong price and pays the right one. Was nothing paid, it is the
-- price most enrolments of the same programme were paid that month; it is null when there is none.
CREATE OR REPLACE FUNCTION core.remuneration(as_of timestamptz, first_day date, last_day date)
RETURNS TABLE (
    observation_id text,
    anordnare text,
    insats_id text,
    manad date,
    unit text,
    paid numeric,
    payable_days bigint,
    price numeric,
    sources bigint[]
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    WITH payment AS (
        SELECT
            p.anordnare, p.insats_id, p.manad,
            sum(p.belopp) AS paid,
            (array_agg(p.dagpris ORDER BY p.delivery_month DESC, p.utbetalning_id DESC))[1] AS price,
            array_agg(ARRAY[p.delivery_id, p.row_no]) AS sources
        FROM core.payment(remuneration.as_of) AS p
        WHERE p.manad BETWEEN remuneration.first_day AND remuneration.last_day
        GROUP BY p.anordnare, p.insats_id, p.manad
    ), attended AS (
        SELECT
            m.anordnare, m.insats_id, m.manad, m.days_attended AS days, day.sources
        FROM core.attendance_month(remuneration.as_of) AS m
        -- Read only by whoever asks for sources: PostgreSQL drops an outer join that nothing is taken from.
        LEFT JOIN (
            SELECT
                a.anordnare, a.insats_id, date_trunc('month', a.datum)::date AS manad,
                array_agg(ARRAY[a.delivery_id, a.row_no]) AS sources
            FROM core.attendance(remuneration.as_of) AS a
            WHERE a.datum BETWEEN remuneration.first_day AND remuneration.last_day AND a.narvarande_timmar > 0
            GROUP BY a.anordnare, a.insats_id, date_trunc('month', a.datum)::date
        ) AS day USING (anordnare, insats_id, manad)
        WHERE m.manad BETWEEN remuneration.first_day AND remuneration.last_day AND m.days_attended > 0
    ), enrolment AS (
        SELECT e.anordnare, e.insats_id, e.insatstyp, e.person_id FROM core.enrolment(remuneration.as_of) AS e
    ), usual AS (
        SELECT e.insatstyp, p.manad, mode() WITHIN GROUP (ORDER BY p.price) AS price
        FROM payment AS p
        JOIN enrolment AS e USING (anordnare, insats_id)
        GROUP BY e.insatstyp, p.manad
    )
    SELECT
        anordnare || '/' || insats_id || '/' || to_char(manad, 'YYYY-MM'), anordnare, insats_id, manad,
        coalesce(e.person_id::text, anordnare || '/' || insats_id),
        coalesce(p.paid, 0), coalesce(a.days, 0)::bigint, coalesce(p.price, u.price),
        coalesce(p.sources, '{}') || coalesce(a.sources, '{}')
    FROM payment AS p
    FULL JOIN attended AS a USING (anordnare, insats_id, manad)
    LEFT JOIN enrolment AS e USING (anordnare, insats_id)
    LEFT JOIN usual AS u USING (insatstyp, manad)
$$;
COMMENT ON FUNCTION core.remuneration IS 'What was paid for each enrolment and month beside its payable days and their price';
GRANT EXECUTE ON FUNCTION core.remuneration TO arshjul_compute;

RESET ROLE;
