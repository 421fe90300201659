-- register.follow_up(as_of, year): one row is a follow-up of an object that has been done, or that a day is set for.
SET LOCAL ROLE arshjul_owner;

-- Security definer: readers of registers do not reach core. Nobody ticks a box: that a follow-up is done is read from what
-- was delivered and published. slot is ar, T1–T3 or 01–12.
CREATE OR REPLACE FUNCTION register.follow_up(as_of timestamptz, year integer)
RETURNS TABLE (object_id text, requirement text, slot text, done_on date, planned_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    WITH object AS (
        SELECT o.objekt_id, o.anordnare_orgnr FROM core.follow_up_object(follow_up.as_of) AS o
    ), span AS (
        SELECT make_date(follow_up.year, 1, 1) AS first_day, make_date(follow_up.year, 12, 31) AS last_day
    )
    -- A tertial's report is about every object that asks for one.
    SELECT
        o.objekt_id, 'tertialrapport', right(p.period, 2),
        (min(p.published_at) AT TIME ZONE 'Europe/Stockholm')::date, NULL::date
    FROM published.publication AS p
    CROSS JOIN object AS o
    WHERE p.report_id = 'tertialrapport' AND p.published_at <= follow_up.as_of
        AND p.period ~ ('^' || follow_up.year || '-T[1-3]$')
    GROUP BY o.objekt_id, p.period
    UNION ALL
    SELECT r.objekt_id, 'kvalitetsrapport', 'ar', r.inkom_datum, NULL
    FROM core.quality_report(follow_up.as_of) AS r
    WHERE r.ar = follow_up.year
    UNION ALL
    -- An association gives account of its grant on the same form.
    SELECT r.objekt_id, 'aktivitetsrapport', 'ar', r.inkom_datum, NULL
    FROM core.quality_report(follow_up.as_of) AS r
    WHERE r.ar = follow_up.year
    UNION ALL
    SELECT
        v.objekt_id, v.typ, 'ar',
        min(v.datum) FILTER (WHERE v.status = 'genomfort'), max(v.datum) FILTER (WHERE v.status = 'planerat')
    FROM core.visit(follow_up.as_of) AS v
    JOIN span AS s ON v.datum BETWEEN s.first_day AND s.last_day
    WHERE v.status <> 'installt'
    GROUP BY v.objekt_id, v.typ
    UNION ALL
    SELECT o.objekt_id, kind.requirement, 'ar', min(d.datum), NULL
    FROM object AS o
    JOIN core.dialoger AS d ON d.anordnare_orgnr = o.anordnare_orgnr
    JOIN span AS s ON d.datum BETWEEN s.first_day AND s.last_day
    -- That a provider applies the municipality's values is what it attests in the dialogue (R43).
    JOIN (VALUES ('dialog', ''), ('vardegrund', 'värdegrund')) AS kind (requirement, theme)
        ON strpos(lower(d.tema), kind.theme) > 0
    WHERE d.known_from <= follow_up.as_of AND follow_up.as_of < d.known_to
    GROUP BY o.objekt_id, kind.requirement
    UNION ALL
    SELECT o.objekt_id, 'kundenkat', 'ar', min(i.skickad_datum), NULL
    FROM object AS o
    JOIN core.invitation(follow_up.as_of) AS i ON i.anordnare = o.anordnare_orgnr
    WHERE i.enkat_ar = follow_up.year
    GROUP BY o.objekt_id
    UNION ALL
    -- Internal control is done when every point of the object has been controlled.
    SELECT c.objekt_id, 'internkontroll', 'ar', CASE WHEN bool_and(c.first_result IS NOT NULL) THEN max(c.first_result) END, NULL
    FROM (
        SELECT
            k.objekt_id, k.kontroll_id,
            min(r.datum) FILTER (WHERE r.utfall <> 'ej_genomford') AS first_result
        FROM core.control_point(follow_up.as_of) AS k
        CROSS JOIN span AS s
        LEFT JOIN core.control_result(follow_up.as_of) AS r
            ON r.kontroll_id = k.kontroll_id AND r.datum BETWEEN s.first_day AND s.last_day
        WHERE k.objekt_id IS NOT NULL AND coalesce(k.closed_from, 'infinity') > s.last_day
        GROUP BY k.objekt_id, k.kontroll_id
    ) AS c
    GROUP BY c.objekt_id
    UNION ALL
    SELECT
        l.objekt_id, 'ekonomi', to_char(l.manad, 'MM'),
        min((d.received_at AT TIME ZONE 'Europe/Stockholm')::date), NULL
    FROM core.ledger(follow_up.as_of) AS l
    JOIN span AS s ON l.manad BETWEEN s.first_day AND s.last_day
    JOIN lineage.delivery AS d USING (delivery_id)
    GROUP BY l.objekt_id, l.manad
$$;
COMMENT ON FUNCTION register.follow_up IS 'Follow-ups of a year that are done, or that a day is set for, by object, as known at a time';
GRANT EXECUTE ON FUNCTION register.follow_up TO arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;

RESET ROLE;
