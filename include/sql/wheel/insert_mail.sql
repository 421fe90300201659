-- Reserve a role's mail of the day, unless it already is.
INSERT INTO lineage.activity_mail (run_id, role_id, day, told, reference)
VALUES (:run_id, :role_id, :day, :told::jsonb, :reference)
ON CONFLICT ON CONSTRAINT activity_mail_once_a_day DO NOTHING;
