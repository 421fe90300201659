-- Empties quarantine of a delivery that is to be judged again.
DELETE FROM quarantine.row WHERE delivery_id = :delivery_id
