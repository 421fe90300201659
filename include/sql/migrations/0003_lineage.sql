-- The ledger. Every insert and update of its tables is written to one hash-chained log by one function.
SET LOCAL ROLE arshjul_owner;

CREATE DOMAIN lineage.person AS text
CHECK (VALUE <> '' AND VALUE = btrim(VALUE) AND VALUE !~ '[[:cntrl:]]' AND VALUE IS NFC NORMALIZED);
COMMENT ON DOMAIN lineage.person IS 'User name of an official, written in one way only: two persons are told apart by it';

CREATE TABLE lineage.log (
    seq bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    actor text NOT NULL CHECK (actor !~ '[[:cntrl:]]'),
    event text NOT NULL CHECK (event ~ '^[a-z_]+\.[a-z]+$'),
    data jsonb NOT NULL,
    previous_hash bytea NOT NULL CHECK (length(previous_hash) = 32),
    hash bytea NOT NULL UNIQUE CHECK (length(hash) = 32)
);
COMMENT ON TABLE lineage.log IS 'What happened, in order, each row sealed with the hash of the one before; append only';
COMMENT ON COLUMN lineage.log.seq IS 'Gap-free number, starting at 1';
COMMENT ON COLUMN lineage.log.at IS 'When, by the database server''s clock';
COMMENT ON COLUMN lineage.log.actor IS 'Database login and role that wrote it';
COMMENT ON COLUMN lineage.log.event IS 'Ledger table and what was done to it, such as approval.insert';
COMMENT ON COLUMN lineage.log.data IS 'The ledger row as it became; never personal data of a participant';
COMMENT ON COLUMN lineage.log.previous_hash IS 'Hash of the row before; 32 zero bytes for the first';
COMMENT ON COLUMN lineage.log.hash IS 'SHA-256 over seq, at, actor, event, hash of data and previous_hash, one per line';

CREATE FUNCTION lineage.seal(
    seq bigint, at timestamptz, actor text, event text, data jsonb, previous_hash bytea
) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog SET timezone = 'UTC'
AS $$
    SELECT sha256(convert_to(concat_ws(E'\n',
        seq::text,
        to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        actor,
        event,
        encode(sha256(convert_to(data::text, 'UTF8')), 'hex'),
        encode(previous_hash, 'hex')), 'UTF8'))
$$;
COMMENT ON FUNCTION lineage.seal IS 'The hash of one log row; arshjul verify computes the same outside the database';

CREATE FUNCTION lineage.write(event text, data jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
    last lineage.log;
    next_seq bigint;
    written_at timestamptz;
    written_by text := session_user || '/' || coalesce(nullif(current_setting('role', true), 'none'), session_user);
    previous bytea;
BEGIN
    -- One writer at a time until commit: the chain has no gaps and no forks.
    PERFORM pg_advisory_xact_lock(7301);
    SELECT * INTO last FROM lineage.log ORDER BY seq DESC LIMIT 1;
    next_seq := coalesce(last.seq, 0) + 1;
    written_at := clock_timestamp();
    previous := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
    INSERT INTO lineage.log (seq, at, actor, event, data, previous_hash, hash)
    VALUES (next_seq, written_at, written_by, write.event, write.data, previous,
            lineage.seal(next_seq, written_at, written_by, write.event, write.data, previous));
END
$$;
REVOKE EXECUTE ON FUNCTION lineage.write FROM PUBLIC;
COMMENT ON FUNCTION lineage.write IS 'The only writer of the log; only triggers call it';

CREATE FUNCTION lineage.append() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET timezone = 'UTC'
AS $$
BEGIN
    PERFORM lineage.write(TG_TABLE_NAME || '.' || lower(TG_OP), to_jsonb(NEW));
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION lineage.append IS 'Writes a ledger row to the log as it became: a trigger on every ledger table';

CREATE FUNCTION lineage.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'AJ001', MESSAGE = TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME || ' is append only';
END
$$;
COMMENT ON FUNCTION lineage.refuse_change IS 'Refuses update, delete and truncate of append-only tables';

CREATE TRIGGER log_is_append_only BEFORE UPDATE OR DELETE ON lineage.log
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();
CREATE TRIGGER log_is_not_truncated BEFORE TRUNCATE ON lineage.log
FOR EACH STATEMENT EXECUTE FUNCTION lineage.refuse_change();

CREATE TABLE lineage.run (
    run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dag_id text NOT NULL,
    dag_run_id text NOT NULL,
    period text,
    code_version text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (dag_id, dag_run_id)
);
COMMENT ON TABLE lineage.run IS 'One run of the line: of a DAG in Airflow, or of a command at the keyboard';
COMMENT ON COLUMN lineage.run.run_id IS 'Number of the run';
COMMENT ON COLUMN lineage.run.dag_id IS 'Airflow''s DAG id, or cli';
COMMENT ON COLUMN lineage.run.dag_run_id IS 'Airflow''s run id, or a unique id of the command';
COMMENT ON COLUMN lineage.run.period IS 'Key of the period the run is about, if any';
COMMENT ON COLUMN lineage.run.code_version IS 'Commit or package version of the code that ran';
COMMENT ON COLUMN lineage.run.started_at IS 'When the run first wrote to the ledger';

CREATE TABLE lineage.delivery (
    delivery_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES lineage.run,
    dataset text,
    sender text,
    period date,
    file_name text NOT NULL CHECK (length(file_name) <= 120 AND file_name !~ '[[:cntrl:]]'),
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
    channel text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    status text NOT NULL CHECK (status IN ('landad', 'mottagen', 'identisk', 'avvisad')),
    is_current boolean NOT NULL DEFAULT false,
    rows_in integer CHECK (rows_in = rows_loaded + rows_unchanged + rows_quarantined),
    rows_loaded integer,
    rows_unchanged integer,
    rows_quarantined integer,
    detected jsonb NOT NULL DEFAULT '{}',
    refusal_rule text,
    refusal_text text,
    warnings jsonb NOT NULL DEFAULT '[]',
    finished_at timestamptz,
    CHECK ((status = 'avvisad') = (refusal_rule IS NOT NULL)),
    CHECK (status NOT IN ('mottagen', 'identisk') OR rows_in IS NOT NULL),
    CHECK (NOT is_current OR status = 'mottagen')
);
CREATE UNIQUE INDEX delivery_current ON lineage.delivery (dataset, sender, period) WHERE is_current;
CREATE INDEX ON lineage.delivery (sha256);
CREATE INDEX ON lineage.delivery (period, sender);
COMMENT ON TABLE lineage.delivery IS 'One file that came in, whatever became of it';
COMMENT ON COLUMN lineage.delivery.delivery_id IS 'Number of the delivery';
COMMENT ON COLUMN lineage.delivery.run_id IS 'The run that received it';
COMMENT ON COLUMN lineage.delivery.dataset IS 'Contract it is held to; null when the file name does not say';
COMMENT ON COLUMN lineage.delivery.sender IS 'Ten-digit organisationsnummer of the sender; null when unknown';
COMMENT ON COLUMN lineage.delivery.period IS 'First day of the delivery month; null when unknown';
COMMENT ON COLUMN lineage.delivery.file_name IS 'Name as given when it follows the rule for names, else a neutral one';
COMMENT ON COLUMN lineage.delivery.sha256 IS 'Hash of the file''s content; its address in the archive';
COMMENT ON COLUMN lineage.delivery.size_bytes IS 'Size of the file';
COMMENT ON COLUMN lineage.delivery.channel IS 'How it came: mapp (folder), kommandorad (command line)';
COMMENT ON COLUMN lineage.delivery.received_at IS 'When it was archived';
COMMENT ON COLUMN lineage.delivery.status IS 'landad (archived, not read), mottagen, identisk or avvisad';
COMMENT ON COLUMN lineage.delivery.is_current IS 'It is what now counts for its dataset, sender and month';
COMMENT ON COLUMN lineage.delivery.rows_in IS 'Rows in the file, the header not counted';
COMMENT ON COLUMN lineage.delivery.rows_loaded IS 'Rows that were new or changed and were loaded';
COMMENT ON COLUMN lineage.delivery.rows_unchanged IS 'Rows that said what was already known for the same month';
COMMENT ON COLUMN lineage.delivery.rows_quarantined IS 'Rows that were put in quarantine';
COMMENT ON COLUMN lineage.delivery.detected IS 'What was detected of the file: format, encoding, delimiter';
COMMENT ON COLUMN lineage.delivery.refusal_rule IS 'Why the whole delivery was refused: the rule';
COMMENT ON COLUMN lineage.delivery.refusal_text IS 'Why the whole delivery was refused: the sentence given to the sender';
COMMENT ON COLUMN lineage.delivery.warnings IS 'Warnings given to the sender, an array of sentences';
COMMENT ON COLUMN lineage.delivery.finished_at IS 'When it was loaded, recognised or refused';

CREATE TABLE quarantine.row (
    delivery_id bigint NOT NULL REFERENCES lineage.delivery,
    row_no integer NOT NULL CHECK (row_no > 0),
    field text NOT NULL,
    rule text NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (delivery_id, row_no, field, rule)
);
CREATE INDEX ON quarantine.row (rule, delivery_id);
COMMENT ON TABLE quarantine.row IS 'One reason why one row of a delivery is not loaded; the content stays in the archive';
COMMENT ON COLUMN quarantine.row.delivery_id IS 'The delivery';
COMMENT ON COLUMN quarantine.row.row_no IS 'Row number in the file: 1 is the first row below the header';
COMMENT ON COLUMN quarantine.row.field IS 'Field the rule is about; empty when it is about the whole row';
COMMENT ON COLUMN quarantine.row.rule IS 'Rule that was broken';
COMMENT ON COLUMN quarantine.row.text IS 'Sentence given to the sender, without any value';

CREATE TABLE lineage.check_run (
    check_run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES lineage.run,
    stage text NOT NULL CHECK (stage IN ('staging', 'core', 'indicator')),
    period text NOT NULL,
    as_of timestamptz,
    computation_id bigint,
    checked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    outcome text NOT NULL CHECK (outcome IN ('godkand', 'varning', 'stopp')),
    data_docs text
);
COMMENT ON TABLE lineage.check_run IS 'One time a suite of checks was run';
COMMENT ON COLUMN lineage.check_run.check_run_id IS 'Number of the check run';
COMMENT ON COLUMN lineage.check_run.run_id IS 'The run it belongs to';
COMMENT ON COLUMN lineage.check_run.stage IS 'Which tables were checked';
COMMENT ON COLUMN lineage.check_run.period IS 'Key of the period that was checked';
COMMENT ON COLUMN lineage.check_run.as_of IS 'Point of knowledge that was checked, where it applies';
COMMENT ON COLUMN lineage.check_run.computation_id IS 'Computation that was checked, for the stage indicator';
COMMENT ON COLUMN lineage.check_run.checked_at IS 'When';
COMMENT ON COLUMN lineage.check_run.outcome IS 'godkand, varning (something to read) or stopp (nothing may be published)';
COMMENT ON COLUMN lineage.check_run.data_docs IS 'Where the readable result lies, relative to the folder of Data Docs';

CREATE TABLE lineage.waiver (
    waiver_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    check_id text NOT NULL,
    period text NOT NULL,
    reason text NOT NULL CHECK (length(btrim(reason)) >= 10),
    valid_until date NOT NULL,
    requested_by lineage.person NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    approved_by lineage.person NOT NULL,
    approved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT waiver_needs_two_persons CHECK (lower(approved_by) <> lower(requested_by)),
    CONSTRAINT waiver_ends CHECK (valid_until >= (requested_at AT TIME ZONE 'UTC')::date),
    UNIQUE (waiver_id, check_id)
);
CREATE INDEX ON lineage.waiver (check_id, period);
COMMENT ON TABLE lineage.waiver IS 'A stop that two persons have decided to let pass, for a time and for a reason';
COMMENT ON COLUMN lineage.waiver.waiver_id IS 'Number of the waiver';
COMMENT ON COLUMN lineage.waiver.check_id IS 'The check that is waived';
COMMENT ON COLUMN lineage.waiver.period IS 'Key of the period it is waived for';
COMMENT ON COLUMN lineage.waiver.reason IS 'Why; printed beside the figure';
COMMENT ON COLUMN lineage.waiver.valid_until IS 'Last day it applies';
COMMENT ON COLUMN lineage.waiver.requested_by IS 'Who asked for it';
COMMENT ON COLUMN lineage.waiver.requested_at IS 'When it was asked for';
COMMENT ON COLUMN lineage.waiver.approved_by IS 'The second person';
COMMENT ON COLUMN lineage.waiver.approved_at IS 'When the second person approved';

CREATE TABLE lineage.check_result (
    check_run_id bigint NOT NULL REFERENCES lineage.check_run,
    check_id text NOT NULL,
    title text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('stopp', 'varning')),
    is_success boolean NOT NULL,
    evaluated bigint,
    unexpected bigint,
    action text NOT NULL,
    waiver_id bigint,
    PRIMARY KEY (check_run_id, check_id),
    FOREIGN KEY (waiver_id, check_id) REFERENCES lineage.waiver (waiver_id, check_id),
    CONSTRAINT only_a_broken_stop_is_waived CHECK (waiver_id IS NULL OR (severity = 'stopp' AND NOT is_success))
);
COMMENT ON TABLE lineage.check_result IS 'The outcome of one check in one check run: counts only, no values';
COMMENT ON COLUMN lineage.check_result.check_run_id IS 'The check run';
COMMENT ON COLUMN lineage.check_result.check_id IS 'The check';
COMMENT ON COLUMN lineage.check_result.title IS 'What the check says, in Swedish';
COMMENT ON COLUMN lineage.check_result.severity IS 'stopp: nothing is published; varning: it is told';
COMMENT ON COLUMN lineage.check_result.is_success IS 'The check held';
COMMENT ON COLUMN lineage.check_result.evaluated IS 'How many rows were looked at, where it can be counted';
COMMENT ON COLUMN lineage.check_result.unexpected IS 'How many rows broke the check, where it can be counted';
COMMENT ON COLUMN lineage.check_result.action IS 'What to do when it does not hold, in Swedish';
COMMENT ON COLUMN lineage.check_result.waiver_id IS 'The waiver that let a stop pass';

CREATE TABLE lineage.package (
    package_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES lineage.run,
    report_id text NOT NULL,
    period text NOT NULL,
    as_of timestamptz NOT NULL,
    computation_id bigint NOT NULL,
    content_sha256 text NOT NULL UNIQUE CHECK (content_sha256 ~ '^[0-9a-f]{64}$'),
    files jsonb NOT NULL,
    prepared_by lineage.person NOT NULL,
    frozen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE lineage.package IS 'A report exactly as it is put up for approval';
COMMENT ON COLUMN lineage.package.package_id IS 'Number of the package';
COMMENT ON COLUMN lineage.package.run_id IS 'The run that made it';
COMMENT ON COLUMN lineage.package.report_id IS 'Which report, such as tertialrapport';
COMMENT ON COLUMN lineage.package.period IS 'Key of the period it reports';
COMMENT ON COLUMN lineage.package.as_of IS 'What was known: later deliveries are not in it';
COMMENT ON COLUMN lineage.package.computation_id IS 'The computation its figures come from';
COMMENT ON COLUMN lineage.package.content_sha256 IS 'Hash of the manifest, which holds the hash of every file';
COMMENT ON COLUMN lineage.package.files IS 'Array of name, sha256, size_bytes and media_type';
COMMENT ON COLUMN lineage.package.prepared_by IS 'Who or what made it; may not approve it';
COMMENT ON COLUMN lineage.package.frozen_at IS 'When it was frozen';

CREATE TABLE lineage.approval (
    approval_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    package_id bigint NOT NULL REFERENCES lineage.package,
    content_sha256 text NOT NULL,
    step text NOT NULL CHECK (step IN ('granskning', 'godkannande')),
    person lineage.person NOT NULL,
    decision text NOT NULL CHECK (decision IN ('godkand', 'avvisad')),
    comment text NOT NULL DEFAULT '',
    decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT approval_once_per_step UNIQUE (package_id, step),
    CONSTRAINT rejection_needs_comment CHECK (decision = 'godkand' OR btrim(comment) <> '')
);
CREATE UNIQUE INDEX approval_once_per_person ON lineage.approval (package_id, lower(person));
COMMENT ON TABLE lineage.approval IS 'What one person decided about one package';
COMMENT ON COLUMN lineage.approval.approval_id IS 'Number of the decision';
COMMENT ON COLUMN lineage.approval.package_id IS 'The package';
COMMENT ON COLUMN lineage.approval.content_sha256 IS 'The content the person saw; must be the package''s own';
COMMENT ON COLUMN lineage.approval.step IS 'granskning comes first, godkannande second';
COMMENT ON COLUMN lineage.approval.person IS 'User name of the person who decided';
COMMENT ON COLUMN lineage.approval.decision IS 'godkand or avvisad';
COMMENT ON COLUMN lineage.approval.comment IS 'Why; required when rejected';
COMMENT ON COLUMN lineage.approval.decided_at IS 'When it reached the ledger';

CREATE FUNCTION lineage.check_approval() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
    package lineage.package;
BEGIN
    -- The log's lock before the row's: the same order everywhere, so that two decisions never wait for each other.
    PERFORM pg_advisory_xact_lock(7301);
    SELECT * INTO STRICT package FROM lineage.package WHERE package_id = NEW.package_id FOR UPDATE;
    IF package.content_sha256 <> NEW.content_sha256 THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ010', MESSAGE = 'Godkännandet gäller ett annat innehåll än paketets.';
    END IF;
    IF lower(package.prepared_by) = lower(NEW.person) THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ011', MESSAGE = 'Den som har tagit fram paketet får inte själv godkänna det.';
    END IF;
    IF EXISTS (SELECT FROM lineage.approval a WHERE a.package_id = NEW.package_id AND a.decision = 'avvisad') THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ012', MESSAGE = 'Paketet är avvisat och kan inte längre godkännas.';
    END IF;
    IF EXISTS (SELECT FROM lineage.approval a
               WHERE a.package_id = NEW.package_id AND lower(a.person) = lower(NEW.person)) THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ013', MESSAGE = 'Två olika personer måste godkänna: samma person har redan gjort det.';
    END IF;
    IF NEW.step = 'godkannande' AND NOT EXISTS (SELECT FROM lineage.approval a
               WHERE a.package_id = NEW.package_id AND a.step = 'granskning' AND a.decision = 'godkand') THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ014', MESSAGE = 'Paketet måste vara granskat innan det godkänns.';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION lineage.check_approval IS 'Four eyes, bound to the exact content: same person twice and any other hash are refused';
CREATE TRIGGER approval_is_checked BEFORE INSERT ON lineage.approval
FOR EACH ROW EXECUTE FUNCTION lineage.check_approval();
CREATE TRIGGER approval_is_append_only BEFORE UPDATE OR DELETE ON lineage.approval
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();

DO $$
DECLARE
    table_name text;
BEGIN
    FOREACH table_name IN ARRAY ARRAY['run', 'delivery', 'check_run', 'check_result', 'waiver', 'package', 'approval'] LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE ON lineage.%I '
                       'FOR EACH ROW EXECUTE FUNCTION lineage.append()', table_name || '_is_logged', table_name);
    END LOOP;
    FOREACH table_name IN ARRAY ARRAY['run', 'check_run', 'check_result', 'waiver', 'package'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON lineage.%I '
                       'FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change()', table_name || '_is_append_only', table_name);
    END LOOP;
END
$$;
CREATE TRIGGER delivery_is_kept BEFORE DELETE ON lineage.delivery
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();

GRANT SELECT ON ALL TABLES IN SCHEMA lineage TO arshjul_intake, arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;
GRANT SELECT ON quarantine.row TO arshjul_intake, arshjul_report, arshjul_audit;
GRANT INSERT ON lineage.run TO arshjul_intake, arshjul_compute, arshjul_publish;
GRANT INSERT, UPDATE ON lineage.delivery TO arshjul_intake;
GRANT INSERT, DELETE ON quarantine.row TO arshjul_intake;
GRANT INSERT ON lineage.check_run, lineage.check_result TO arshjul_compute, arshjul_intake;
GRANT INSERT ON lineage.waiver, lineage.package, lineage.approval TO arshjul_publish;
GRANT EXECUTE ON FUNCTION lineage.seal TO arshjul_audit, arshjul_publish, arshjul_report;

RESET ROLE;
