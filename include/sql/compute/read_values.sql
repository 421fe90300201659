-- Values of a computation, of one indicator or of all; a protected one leaves the database empty unless it stays with us
SELECT
    indicator_id,
    cell,
    CASE WHEN shown THEN numerator END AS numerator,
    CASE WHEN shown THEN denominator END AS denominator,
    CASE WHEN shown THEN value END AS value,
    CASE WHEN shown THEN observations END AS observations,
    NOT shown AS is_protected
FROM indicator.value
CROSS JOIN LATERAL (SELECT :internal OR NOT is_protected AS shown) AS shown
WHERE computation_id = :computation_id AND (:indicator_id::text IS NULL OR indicator_id = :indicator_id)
ORDER BY indicator_id, cell
