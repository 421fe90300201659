-- Record that something happened to an occurrence of an activity, unless the same was recorded for the same day.
INSERT INTO lineage.activity_event (activity_id, year, part, kind, on_day, run_id, note)
SELECT :activity_id::text, :year::integer, :part::text, :kind::text, :on_day::date, :run_id::bigint, :note::text
WHERE NOT EXISTS (
    SELECT FROM lineage.activity_event AS e
    WHERE e.activity_id = :activity_id AND e.year = :year AND e.part = :part
        AND e.kind = :kind AND e.on_day = :on_day AND e.note = :note
);
