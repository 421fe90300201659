-- register.revised_figures(as_of, publication): how many of a publication's figures are known to have another value now.
SET LOCAL ROLE arshjul_owner;

-- Security definer: what a figure has become stays in the house until it is published; how many there are may be told.
-- Only figures that readers have had are counted: that a withheld one has changed would tell that somebody is there.
CREATE OR REPLACE FUNCTION register.revised_figures(as_of timestamptz, publication_id bigint)
RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    SELECT count(*)
    FROM indicator.revision AS v
    JOIN published.figure AS f
        ON f.publication_id = revised_figures.publication_id AND f.indicator_id = v.indicator_id AND f.cell = v.cell
    WHERE NOT f.is_protected
        AND v.review_id = (
            SELECT max(r.review_id)
            FROM indicator.review AS r
            JOIN lineage.package AS k ON k.computation_id = r.old_computation_id
            JOIN published.publication AS p USING (package_id)
            WHERE p.publication_id = revised_figures.publication_id AND r.reviewed_at <= revised_figures.as_of
        )
$$;
COMMENT ON FUNCTION register.revised_figures IS 'How many figures of a publication have another value in its newest review until a time';
GRANT EXECUTE ON FUNCTION register.revised_figures TO arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;

RESET ROLE;
