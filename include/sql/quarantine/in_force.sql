-- true when there are corrections of the dataset, sender and month, or were at the delivery's last judgement
SELECT
    EXISTS (
        SELECT FROM quarantine.correction AS c
        WHERE c.dataset = :dataset AND c.sender = :sender AND c.period = :period
    ) OR EXISTS (
        SELECT FROM quarantine.corrected AS c WHERE c.delivery_id = :delivery_id AND c.known_to = 'infinity'
    ) AS is_any
