-- What was refused somebody and why, deletion by decision (gallring), who has read what, and providers' cases. Append only.
SET LOCAL ROLE arshjul_owner;

CREATE TABLE lineage.refusal (
    refusal_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    action text NOT NULL CHECK (action ~ '^[a-z_]{1,40}$'),
    about text NOT NULL CHECK (length(about) BETWEEN 1 AND 200 AND about !~ '[[:cntrl:]]'),
    person lineage.person NOT NULL,
    roles text[] NOT NULL,
    reason text NOT NULL CHECK (length(btrim(reason)) BETWEEN 5 AND 1000 AND reason !~ '[[:cntrl:]]'),
    day date NOT NULL,
    refused_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE lineage.refusal IS 'One time somebody was not let to decide something; nothing came of it';
COMMENT ON COLUMN lineage.refusal.refusal_id IS 'Number of the refusal';
COMMENT ON COLUMN lineage.refusal.action IS 'The right that it needed, as include/governing/delegation.yaml names it';
COMMENT ON COLUMN lineage.refusal.about IS 'What it would have been about: a package, a report and period, a check';
COMMENT ON COLUMN lineage.refusal.person IS 'User name of whoever tried';
COMMENT ON COLUMN lineage.refusal.roles IS 'Roles that the person had on that day';
COMMENT ON COLUMN lineage.refusal.reason IS 'Why not, as the person was told';
COMMENT ON COLUMN lineage.refusal.day IS 'The day of the attempt, in Sweden';
COMMENT ON COLUMN lineage.refusal.refused_at IS 'When it was recorded';
GRANT INSERT (action, about, person, roles, reason, day) ON lineage.refusal TO arshjul_publish;

CREATE TABLE lineage.disposal (
    disposal_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    decided_on date NOT NULL,
    reference text NOT NULL CHECK (length(btrim(reference)) BETWEEN 3 AND 100 AND reference !~ '[[:cntrl:]]'),
    decision text NOT NULL CHECK (length(btrim(decision)) BETWEEN 10 AND 2000),
    files jsonb NOT NULL CHECK (jsonb_typeof(files) = 'array' AND files <> '[]'),
    requested_by lineage.person NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    approved_by lineage.person,
    approved_at timestamptz,
    done_at timestamptz,
    destroyed jsonb,
    CONSTRAINT disposal_needs_two_persons CHECK (lower(approved_by) <> lower(requested_by)),
    CONSTRAINT disposal_is_approved_at_a_time CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CONSTRAINT disposal_is_done_after_approval CHECK (done_at IS NULL OR (approved_at IS NOT NULL AND destroyed IS NOT NULL))
);
CREATE INDEX ON lineage.disposal USING gin (files jsonb_path_ops);
COMMENT ON TABLE lineage.disposal IS 'One decision that received files are to be destroyed (gallring), and that they have been; never any content';
COMMENT ON COLUMN lineage.disposal.disposal_id IS 'Number of the disposal';
COMMENT ON COLUMN lineage.disposal.decided_on IS 'Day of the board''s decision';
COMMENT ON COLUMN lineage.disposal.reference IS 'Paragraph or registry number of the decision';
COMMENT ON COLUMN lineage.disposal.decision IS 'The decision, as the minutes have it';
COMMENT ON COLUMN lineage.disposal.files IS 'Array of delivery_id and sha256: the files that are destroyed';
COMMENT ON COLUMN lineage.disposal.requested_by IS 'Who asked for it to be carried out';
COMMENT ON COLUMN lineage.disposal.requested_at IS 'When it was asked for';
COMMENT ON COLUMN lineage.disposal.approved_by IS 'The second person; null until then';
COMMENT ON COLUMN lineage.disposal.approved_at IS 'When the second person approved it; null until then';
COMMENT ON COLUMN lineage.disposal.done_at IS 'When everything was destroyed; null until then';
COMMENT ON COLUMN lineage.disposal.destroyed IS 'How much was destroyed: files, identities, texts';

CREATE FUNCTION lineage.check_disposal() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF num_nonnulls(NEW.approved_by, NEW.approved_at, NEW.done_at, NEW.destroyed) > 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'AJ001', MESSAGE = 'lineage.disposal begins as a request that nobody has approved';
        END IF;
    ELSIF to_jsonb(OLD) - '{approved_by,approved_at,done_at,destroyed}'::text[]
            <> to_jsonb(NEW) - '{approved_by,approved_at,done_at,destroyed}'::text[]
        OR (OLD.approved_at IS NOT NULL
            AND (OLD.approved_by, OLD.approved_at) IS DISTINCT FROM (NEW.approved_by, NEW.approved_at))
        OR OLD.done_at IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ001', MESSAGE = 'lineage.disposal only learns once who approved it, and that it is done';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION lineage.check_disposal IS 'A disposal begins as a request and is never changed: who approved it and that it is done are filled in, once each';
CREATE TRIGGER disposal_is_filled_in_once BEFORE INSERT OR UPDATE ON lineage.disposal
FOR EACH ROW EXECUTE FUNCTION lineage.check_disposal();
GRANT INSERT (decided_on, reference, decision, files, requested_by), UPDATE (approved_by, approved_at)
ON lineage.disposal TO arshjul_publish;

CREATE TABLE lineage.reading (
    reading_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    read_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    reader text NOT NULL DEFAULT session_user,
    command text NOT NULL CHECK (command ~ '^[a-z -]{1,60}$'),
    what text NOT NULL CHECK (length(what) <= 200 AND what !~ '[[:cntrl:]]'),
    rows integer NOT NULL CHECK (rows >= 0)
);
COMMENT ON TABLE lineage.reading IS 'One time rows about single persons, or figures that are not protected, were shown to somebody; never a value';
COMMENT ON COLUMN lineage.reading.reading_id IS 'Number of the reading';
COMMENT ON COLUMN lineage.reading.read_at IS 'When';
COMMENT ON COLUMN lineage.reading.reader IS 'Database login that read';
COMMENT ON COLUMN lineage.reading.command IS 'The command of arshjul that showed it';
COMMENT ON COLUMN lineage.reading.what IS 'What was asked for: a figure, a period, a dataset, a sender, a month';
COMMENT ON COLUMN lineage.reading.rows IS 'How many rows were shown, or a figure rests on';
GRANT INSERT (command, what, rows) ON lineage.reading TO arshjul_audit;

CREATE TABLE lineage.provider_case (
    provider_case_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    provider text NOT NULL CHECK (provider ~ '^[0-9]{10}$'),
    kind text NOT NULL CHECK (kind IN ('synpunkt', 'rattelse')),
    received_on date NOT NULL,
    subject text NOT NULL CHECK (length(btrim(subject)) BETWEEN 10 AND 1000 AND subject !~ '[[:cntrl:]]'),
    opened_by lineage.person NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    outcome text CHECK (outcome IN ('rattat', 'besvarat', 'avslaget')),
    decision text CHECK (length(btrim(decision)) BETWEEN 10 AND 1000 AND decision !~ '[[:cntrl:]]'),
    closed_on date,
    closed_by lineage.person,
    closed_at timestamptz,
    CONSTRAINT case_is_closed_with_its_decision CHECK (num_nulls(outcome, decision, closed_on, closed_by, closed_at) IN (0, 5)),
    CONSTRAINT case_is_closed_after_it_came CHECK (closed_on >= received_on)
);
CREATE INDEX ON lineage.provider_case (provider, received_on);
COMMENT ON TABLE lineage.provider_case IS 'One comment or request for correction from a provider about its figures, and what was decided about it';
COMMENT ON COLUMN lineage.provider_case.provider_case_id IS 'Number of the case';
COMMENT ON COLUMN lineage.provider_case.provider IS 'Ten-digit organisationsnummer of the provider';
COMMENT ON COLUMN lineage.provider_case.kind IS 'synpunkt (a comment) or rattelse (something is said to be wrong)';
COMMENT ON COLUMN lineage.provider_case.received_on IS 'Day it came';
COMMENT ON COLUMN lineage.provider_case.subject IS 'What it is about, in an official''s words; no personal data';
COMMENT ON COLUMN lineage.provider_case.opened_by IS 'User name of who opened it';
COMMENT ON COLUMN lineage.provider_case.opened_at IS 'When it was opened';
COMMENT ON COLUMN lineage.provider_case.outcome IS 'rattat, besvarat or avslaget; null while it is open';
COMMENT ON COLUMN lineage.provider_case.decision IS 'What was done and why, as the provider is told; null while it is open';
COMMENT ON COLUMN lineage.provider_case.closed_on IS 'Day it was decided; null while it is open';
COMMENT ON COLUMN lineage.provider_case.closed_by IS 'User name of who closed it; null while it is open';
COMMENT ON COLUMN lineage.provider_case.closed_at IS 'When it was closed; null while it is open';

CREATE FUNCTION lineage.check_provider_case() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF num_nonnulls(NEW.outcome, NEW.decision, NEW.closed_on, NEW.closed_by, NEW.closed_at) > 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'AJ001', MESSAGE = 'lineage.provider_case begins as an open case';
        END IF;
    ELSIF OLD.closed_at IS NOT NULL
        OR to_jsonb(OLD) - '{outcome,decision,closed_on,closed_by,closed_at}'::text[]
            <> to_jsonb(NEW) - '{outcome,decision,closed_on,closed_by,closed_at}'::text[] THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ001', MESSAGE = 'lineage.provider_case only learns once how it ended';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION lineage.check_provider_case IS 'A case begins open and is never changed: how it ended is filled in, once';
CREATE TRIGGER provider_case_is_filled_in_once BEFORE INSERT OR UPDATE ON lineage.provider_case
FOR EACH ROW EXECUTE FUNCTION lineage.check_provider_case();
GRANT INSERT (provider, kind, received_on, subject, opened_by), UPDATE (outcome, decision, closed_on, closed_by, closed_at)
ON lineage.provider_case TO arshjul_publish;

DO $$
DECLARE
    table_name text;
BEGIN
    FOREACH table_name IN ARRAY ARRAY['refusal', 'reading'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON lineage.%I '
                       'FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change()', table_name || '_is_append_only', table_name);
    END LOOP;
    FOREACH table_name IN ARRAY ARRAY['disposal', 'provider_case'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE DELETE ON lineage.%I '
                       'FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change()', table_name || '_is_kept', table_name);
    END LOOP;
    FOREACH table_name IN ARRAY ARRAY['refusal', 'disposal', 'reading', 'provider_case'] LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE ON lineage.%I '
                       'FOR EACH ROW EXECUTE FUNCTION lineage.append()', table_name || '_is_logged', table_name);
    END LOOP;
END
$$;
GRANT SELECT ON lineage.disposal, lineage.provider_case
TO arshjul_intake, arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;
-- Who was refused what, and who has read what, is told of named persons.
GRANT SELECT ON lineage.refusal TO arshjul_publish, arshjul_audit;
GRANT SELECT ON lineage.reading TO arshjul_audit;

RESET ROLE;
