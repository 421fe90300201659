-- one row is the content of a sender's delivery that was last refused for what the municipality itself can mend
SELECT last.sha256
FROM (
    SELECT DISTINCT ON (d.sha256) d.sha256, d.refusal_rule
    FROM lineage.delivery AS d
    WHERE d.sender = :sender
    ORDER BY d.sha256, d.delivery_id DESC
) AS last
WHERE last.refusal_rule IN ('avsandare_saknas_i_registret', 'ej_auktoriserad', 'okand_datamangd')
ORDER BY last.sha256;
