-- one row is the reserved mail, kept from everybody else until this transaction ends
SELECT activity_mail_id, told, reference, reserved_at, sent_at
FROM lineage.activity_mail
WHERE role_id = :role_id AND day = :day
FOR UPDATE;
