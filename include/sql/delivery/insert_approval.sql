-- Record one decision about a package; the database refuses what breaks the four eyes.
INSERT INTO lineage.approval (package_id, content_sha256, step, person, decision, comment)
VALUES (:package_id, :content_sha256, :step, :person, :decision, :comment);
