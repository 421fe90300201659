-- one row is a cell of one series of official statistics, newest period first
SELECT
    p.series_title, p.is_discontinued, p.area, p.area_title, p.is_group, p.period, p.value, p.members, p.delivery_id, p.row_no
FROM indicator.peer_value(:as_of, :source, :series, :dimensions::jsonb, :areas, :group_title) AS p
ORDER BY p.period COLLATE "C" DESC, p.area COLLATE "C";
