-- Keep one text that a person has written in the form of a report's run.
INSERT INTO lineage.written_text (run_id, report_id, period, section, indicator_id, markdown, author, person)
VALUES (:run_id, :report_id, :period, :section, :indicator_id, :markdown, :author, :person);
