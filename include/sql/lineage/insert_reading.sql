-- Record that rows about single persons, or unprotected figures, are being shown to somebody.
INSERT INTO lineage.reading (command, what, rows) VALUES (:command, :what, :rows)
