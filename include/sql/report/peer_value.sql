-- indicator.peer_value(as_of, …): one row is a cell of one series of official statistics, with the names of series and area.
SET LOCAL ROLE arshjul_owner;

-- Security definer: readers of reports get official statistics, which are public, without reaching core. Areas are asked
-- for by code, groups of municipalities by the beginning of their title, since a service gives them a new code each year.
-- A row without a value says that the service has none; no row that it never said anything.
CREATE OR REPLACE FUNCTION indicator.peer_value(
    as_of timestamptz, source text, series_id text, dimensions jsonb, areas text[], group_title text
)
RETURNS TABLE (
    series_title text,
    is_discontinued boolean,
    area text,
    area_title text,
    is_group boolean,
    period text,
    value numeric,
    members integer,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    SELECT
        s.series_title, s.is_discontinued, s.area, s.area_title, NOT s.area = ANY (peer_value.areas), s.period, s.value,
        s.members, s.delivery_id, s.row_no
    FROM core.statistic(peer_value.as_of) AS s
    WHERE s.source = peer_value.source
        AND s.series_id = peer_value.series_id
        AND s.dimensions = peer_value.dimensions
        AND (s.area = ANY (peer_value.areas) OR starts_with(s.area_title, peer_value.group_title))
$$;
COMMENT ON FUNCTION indicator.peer_value IS 'One series of official statistics as known at a time, for the municipality and its peers';
GRANT EXECUTE ON FUNCTION indicator.peer_value TO arshjul_report, arshjul_compute, arshjul_audit;

RESET ROLE;
