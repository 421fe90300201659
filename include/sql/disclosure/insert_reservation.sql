-- Say that a report is about to release a public table
INSERT INTO indicator.reservation (protection_id, report_id, period) VALUES (:protection_id, :report_id, :period);
