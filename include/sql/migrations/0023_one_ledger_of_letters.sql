-- The year's letters join the notices: one ledger of the letters that are sent once.
SET LOCAL ROLE arshjul_owner;
SET LOCAL timezone = 'UTC';

-- What is kept of a notice is what was sent: where the first try failed, the next one may have something else to tell.
CREATE OR REPLACE FUNCTION lineage.check_notice() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
BEGIN
    IF OLD.sent_at IS NOT NULL OR NEW.sent_at IS NULL
       OR to_jsonb(OLD) - '{content,sent_at}'::text[] <> to_jsonb(NEW) - '{content,sent_at}'::text[] THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ001', MESSAGE = 'lineage.notice only learns once when it was sent, and what it told';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION lineage.check_notice IS 'A notice is never changed: only when it was sent, and what it told, is filled in once';
GRANT UPDATE (content) ON lineage.notice TO arshjul_publish;
COMMENT ON COLUMN lineage.notice.matter IS 'What kind of notice it is: the stem of its template';
COMMENT ON COLUMN lineage.notice.recipient IS
'Organisationsnummer of a provider, or a recipient or role as named in the catalogue';
COMMENT ON COLUMN lineage.notice.content IS
'What was told: counts, amounts and days, never a person; until it is sent, what is to be told';

-- The log keeps every row that a letter had in the old table, and now where it went. A row that was not what the log last
-- said of it gets no such line: lineage.disagreements() tells of it as before.
DO $$
DECLARE
    mail lineage.activity_mail;
    moved_to bigint;
BEGIN
    FOR mail IN SELECT m.* FROM lineage.activity_mail AS m ORDER BY m.activity_mail_id LOOP
        INSERT INTO lineage.notice (run_id, matter, about, recipient, content, reference, reserved_at, sent_at)
        VALUES (
            mail.run_id, CASE mail.role_id WHEN 'vakten' THEN 'moment_missat' ELSE 'moment_paminnelse' END, mail.day::text,
            CASE mail.role_id WHEN 'vakten' THEN 'datateam' ELSE mail.role_id END, jsonb_build_object('moment', mail.told),
            mail.reference, mail.reserved_at, mail.sent_at
        )
        RETURNING notice_id INTO moved_to;
        IF to_jsonb(mail) = (SELECT l.data FROM lineage.log AS l
                             WHERE l.event IN ('activity_mail.insert', 'activity_mail.update')
                                 AND l.data ->> 'activity_mail_id' = mail.activity_mail_id::text
                             ORDER BY l.seq DESC LIMIT 1) THEN
            PERFORM lineage.write('activity_mail.moved',
                jsonb_build_object('activity_mail_id', mail.activity_mail_id, 'notice_id', moved_to));
        END IF;
    END LOOP;
END
$$;
DROP TABLE lineage.activity_mail;
DROP FUNCTION lineage.check_activity_mail();

RESET ROLE;
