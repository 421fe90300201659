-- What has happened to the year's activities: started, reminded, done, acknowledged, missed or not applicable; and their mails.
SET LOCAL ROLE arshjul_owner;

CREATE TABLE lineage.activity_event (
    activity_event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    activity_id text NOT NULL CHECK (activity_id ~ '^[a-z0-9_]+$'),
    year integer NOT NULL CHECK (year BETWEEN 2000 AND 2199),
    part text NOT NULL DEFAULT '' CHECK (part ~ '^([0-9]{4}-[0-9]{2}(-[0-9]{2})?)?$'),
    kind text NOT NULL CHECK (kind IN ('startad', 'paminnelse', 'klar', 'kvitterad', 'missad', 'ej_aktuell')),
    on_day date NOT NULL,
    run_id bigint NOT NULL REFERENCES lineage.run,
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT not_applicable_has_a_reason CHECK (kind <> 'ej_aktuell' OR length(btrim(note)) >= 10)
);
CREATE INDEX ON lineage.activity_event (year, activity_id, part);
COMMENT ON TABLE lineage.activity_event IS 'One thing that happened to one occurrence of an activity of the year; append only';
COMMENT ON COLUMN lineage.activity_event.activity_event_id IS 'Number of the event';
COMMENT ON COLUMN lineage.activity_event.activity_id IS 'The activity, as include/calendar/activities.yaml names it';
COMMENT ON COLUMN lineage.activity_event.year IS 'The follow-up year the occurrence belongs to';
COMMENT ON COLUMN lineage.activity_event.part IS 'Which of several in the year: the month (2026-03) or the day of the visit; empty when there is one a year';
COMMENT ON COLUMN lineage.activity_event.kind IS
'startad (its DAG was started), paminnelse (somebody was reminded), klar, kvitterad (received and acknowledged), missad (the data team was told that it did not happen), ej_aktuell (with the reason)';
COMMENT ON COLUMN lineage.activity_event.on_day IS 'The day in Sweden it counts for; not the clock''s, where a year is played';
COMMENT ON COLUMN lineage.activity_event.run_id IS 'The run that recorded it';
COMMENT ON COLUMN lineage.activity_event.note IS 'Why, or what; never personal data';
COMMENT ON COLUMN lineage.activity_event.recorded_at IS 'When it was recorded';
CREATE TRIGGER activity_event_is_logged AFTER INSERT ON lineage.activity_event
FOR EACH ROW EXECUTE FUNCTION lineage.append();
CREATE TRIGGER activity_event_is_append_only BEFORE UPDATE OR DELETE ON lineage.activity_event
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();

CREATE TABLE lineage.activity_mail (
    activity_mail_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES lineage.run,
    role_id text NOT NULL CHECK (role_id ~ '^[a-z0-9_]+$'),
    day date NOT NULL,
    told jsonb NOT NULL CHECK (jsonb_typeof(told) = 'array' AND told <> '[]'),
    reference text NOT NULL,
    reserved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sent_at timestamptz,
    CONSTRAINT activity_mail_once_a_day UNIQUE (role_id, day)
);
COMMENT ON TABLE lineage.activity_mail IS 'One e-mail that reminds one role of activities of the year; its address is not kept';
COMMENT ON COLUMN lineage.activity_mail.activity_mail_id IS 'Number of the mail';
COMMENT ON COLUMN lineage.activity_mail.run_id IS 'The run that began to send it';
COMMENT ON COLUMN lineage.activity_mail.role_id IS 'The role, as include/calendar/activities.yaml names it';
COMMENT ON COLUMN lineage.activity_mail.day IS 'The day in Sweden it is sent';
COMMENT ON COLUMN lineage.activity_mail.told IS 'Array of activity, year, part, due and state';
COMMENT ON COLUMN lineage.activity_mail.reference IS 'Message-ID: the same again if it ever has to be resent';
COMMENT ON COLUMN lineage.activity_mail.reserved_at IS 'When sending was begun';
COMMENT ON COLUMN lineage.activity_mail.sent_at IS 'When the mail server took over; null until then';

CREATE FUNCTION lineage.check_activity_mail() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
BEGIN
    IF OLD.sent_at IS NOT NULL OR to_jsonb(OLD) - 'sent_at' <> to_jsonb(NEW) - 'sent_at' THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ001', MESSAGE = 'lineage.activity_mail only learns once when it was sent';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION lineage.check_activity_mail IS 'A mail is never changed: only the time it was sent is filled in, once';
CREATE TRIGGER activity_mail_is_filled_in_once BEFORE UPDATE ON lineage.activity_mail
FOR EACH ROW EXECUTE FUNCTION lineage.check_activity_mail();
CREATE TRIGGER activity_mail_is_kept BEFORE DELETE ON lineage.activity_mail
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();
CREATE TRIGGER activity_mail_is_logged AFTER INSERT OR UPDATE ON lineage.activity_mail
FOR EACH ROW EXECUTE FUNCTION lineage.append();

GRANT SELECT ON lineage.activity_event, lineage.activity_mail
TO arshjul_intake, arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;
GRANT INSERT ON lineage.activity_event TO arshjul_intake, arshjul_compute, arshjul_publish;
GRANT INSERT, UPDATE (sent_at) ON lineage.activity_mail TO arshjul_publish;

RESET ROLE;
