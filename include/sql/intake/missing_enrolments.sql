-- one row is an enrolment that was open in the sender's last month before this one and that this delivery does not mention
SELECT i.period, i.row_no
FROM core.insatser AS i
WHERE i.sender = :sender
    AND i.known_to = 'infinity'
    AND i.slutdatum IS NULL
    AND i.period = (
        SELECT max(d.period)
        FROM lineage.delivery AS d
        WHERE d.is_current AND d.dataset = 'insatser' AND d.sender = :sender AND d.period < :period
    )
    AND NOT EXISTS (
        SELECT FROM staging.insatser AS s WHERE s.delivery_id = :delivery_id AND s.insats_id = i.insats_id
    )
ORDER BY i.row_no
