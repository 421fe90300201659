-- one row is a follow-up object that was there some day of a year, by kind and id
SELECT
    o.object_id, o.kind, o.kind_title, o.name, o.counterpart, o.role, o.role_title, o.purposes, o.begins, o.ends,
    o.reference, o.provider, o.requires
FROM register.object(:as_of) AS o
WHERE o.begins <= make_date(:year, 12, 31) AND coalesce(o.ends, 'infinity') >= make_date(:year, 1, 1)
ORDER BY o.place, o.kind, o.object_id COLLATE "C";
