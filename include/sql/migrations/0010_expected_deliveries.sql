-- Reminders of deliveries that are owed, and what is needed to say that a period was reported before a delivery came.
SET LOCAL ROLE arshjul_owner;

CREATE TABLE lineage.reminder (
    reminder_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES lineage.run,
    sender text NOT NULL CHECK (sender ~ '^[0-9]{10}$'),
    day date NOT NULL,
    owed jsonb NOT NULL CHECK (jsonb_typeof(owed) = 'array' AND owed <> '[]'),
    reference text NOT NULL,
    reserved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sent_at timestamptz,
    CONSTRAINT reminder_once_a_day UNIQUE (sender, day)
);
COMMENT ON TABLE lineage.reminder IS 'One e-mail that reminds one sender of deliveries; neither its address nor a name is kept';
COMMENT ON COLUMN lineage.reminder.reminder_id IS 'Number of the reminder';
COMMENT ON COLUMN lineage.reminder.run_id IS 'The run that began to send it';
COMMENT ON COLUMN lineage.reminder.sender IS 'Ten-digit organisationsnummer of the sender that is reminded';
COMMENT ON COLUMN lineage.reminder.day IS 'The day in Sweden it is sent';
COMMENT ON COLUMN lineage.reminder.owed IS 'Array of dataset, period (first day of the delivery month), due and state';
COMMENT ON COLUMN lineage.reminder.reference IS 'Message-ID: the same again if it ever has to be resent';
COMMENT ON COLUMN lineage.reminder.reserved_at IS 'When sending was begun';
COMMENT ON COLUMN lineage.reminder.sent_at IS 'When the mail server took over; null until then';

CREATE FUNCTION lineage.check_reminder() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
BEGIN
    IF OLD.sent_at IS NOT NULL OR to_jsonb(OLD) - 'sent_at' <> to_jsonb(NEW) - 'sent_at' THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ001', MESSAGE = 'lineage.reminder only learns once when it was sent';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION lineage.check_reminder IS 'A reminder is never changed: only the time it was sent is filled in, once';
CREATE TRIGGER reminder_is_filled_in_once BEFORE UPDATE ON lineage.reminder
FOR EACH ROW EXECUTE FUNCTION lineage.check_reminder();
CREATE TRIGGER reminder_is_kept BEFORE DELETE ON lineage.reminder
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();
CREATE TRIGGER reminder_is_logged AFTER INSERT OR UPDATE ON lineage.reminder
FOR EACH ROW EXECUTE FUNCTION lineage.append();

GRANT SELECT ON lineage.reminder TO arshjul_publish, arshjul_report, arshjul_audit;
GRANT INSERT, UPDATE (sent_at) ON lineage.reminder TO arshjul_publish;

-- Whether a delivery came in time is judged by this.
COMMENT ON COLUMN lineage.delivery.received_at IS
'When it came: when the file appeared in the landing, else when it was archived';

-- Intake tells a sender when what it corrects has been reported already.
GRANT USAGE ON SCHEMA published TO arshjul_intake;
GRANT SELECT ON published.publication TO arshjul_intake;

RESET ROLE;
