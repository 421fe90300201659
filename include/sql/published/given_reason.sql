-- one row is what a person has written that a correction is about, since the version that it replaces was published
SELECT t.markdown
FROM lineage.written_text AS t
JOIN published.publication AS o USING (report_id, period)
WHERE o.publication_id = :replaces_id AND t.section = 'rattelse' AND t.written_at > o.published_at
ORDER BY t.text_id DESC
LIMIT 1;
