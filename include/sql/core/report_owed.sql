-- core.report_owed(as_of, year): one row is a follow-up object that owes a quality report for a year, in or not.
SET LOCAL ROLE arshjul_owner;

-- It owes one when the register demands it of the object and the object was there some day of the year. The report is due
-- so many days after the year's last day as the code list uppfoljningskrav says; on that day itself when it says nothing.
CREATE OR REPLACE FUNCTION core.report_owed(as_of timestamptz, year integer)
RETURNS TABLE (
    objekt_id text,
    year_ends date,
    due_date date,
    inkom_datum date,
    sources bigint[]
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT
        o.objekt_id, make_date(report_owed.year, 12, 31), make_date(report_owed.year, 12, 31) + due.days_after_year,
        r.inkom_datum,
        ARRAY[ARRAY[o.delivery_id, o.row_no], ARRAY[r.delivery_id, r.row_no]]
    FROM core.follow_up_object(report_owed.as_of) AS o
    CROSS JOIN (
        SELECT coalesce(max((c.attributes ->> 'days_after_year')::integer), 0) AS days_after_year
        FROM core.code AS c
        WHERE c.code_list = 'uppfoljningskrav' AND c.code = 'kvalitetsrapport'
            AND c.known_from <= report_owed.as_of AND report_owed.as_of < c.known_to
    ) AS due
    LEFT JOIN core.quality_report(report_owed.as_of) AS r ON r.objekt_id = o.objekt_id AND r.ar = report_owed.year
    WHERE 'kvalitetsrapport' = ANY (o.kraver)
        AND o.fran <= make_date(report_owed.year, 12, 31)
        AND coalesce(o.till, 'infinity') >= make_date(report_owed.year, 1, 1)
        AND coalesce(o.closed_from, 'infinity') > make_date(report_owed.year, 1, 1)
$$;
COMMENT ON FUNCTION core.report_owed IS 'Follow-up objects that owe a quality report for a year, with when it is due and when it came';
GRANT EXECUTE ON FUNCTION core.report_owed TO arshjul_compute;

RESET ROLE;
