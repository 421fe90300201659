-- one row is the reserved reminder, kept from everybody else until this transaction ends
SELECT reminder_id, owed, reference, reserved_at, sent_at
FROM lineage.reminder
WHERE sender = :sender AND day = :day
FOR UPDATE;
