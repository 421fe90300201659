-- Spot checks: a sample that nobody can steer. And notices: e-mails about registers, each sent once.
SET LOCAL ROLE arshjul_owner;

-- First a secret number is promised, then the payments come in, then the number decides which of them are looked at. The
-- promise is its hash; the number itself lies encrypted here under the vault's key until the draw reveals it.
CREATE TABLE lineage.spot_check (
    spot_check_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES lineage.run,
    period text NOT NULL UNIQUE,
    first_day date NOT NULL,
    last_day date NOT NULL CHECK (last_day >= first_day),
    diary text NOT NULL CHECK (btrim(diary) <> ''),
    closes_on date NOT NULL CHECK (closes_on > last_day),
    rules jsonb NOT NULL,
    commitment text NOT NULL CHECK (commitment ~ '^[0-9a-f]{64}$'),
    sealed_nonce bytea NOT NULL CHECK (length(sealed_nonce) = 60),
    on_day date NOT NULL,
    committed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE lineage.spot_check IS 'A sample that has been promised for a period, before anybody could know what it would hit';
COMMENT ON COLUMN lineage.spot_check.spot_check_id IS 'Number of the spot check';
COMMENT ON COLUMN lineage.spot_check.run_id IS 'The run that promised it';
COMMENT ON COLUMN lineage.spot_check.period IS 'Key of the period whose payments are sampled';
COMMENT ON COLUMN lineage.spot_check.first_day IS 'First day of the period';
COMMENT ON COLUMN lineage.spot_check.last_day IS 'Last day of the period';
COMMENT ON COLUMN lineage.spot_check.diary IS 'What the municipality''s register calls the matter; part of the seed';
COMMENT ON COLUMN lineage.spot_check.closes_on IS 'Last day on which providers deliver for the period, as the calendar had it';
COMMENT ON COLUMN lineage.spot_check.rules IS 'How many are drawn, of whom, and with what weight: fixed with the promise';
COMMENT ON COLUMN lineage.spot_check.commitment IS 'SHA-256 of the secret number, in hexadecimal';
COMMENT ON COLUMN lineage.spot_check.sealed_nonce IS 'The secret number of 32 bytes, encrypted under the vault''s key: 12 bytes, then AES-256-GCM';
COMMENT ON COLUMN lineage.spot_check.on_day IS 'The day of the promise; another than the clock''s only where a year is played';
COMMENT ON COLUMN lineage.spot_check.committed_at IS 'When, by the database server''s clock';

CREATE FUNCTION lineage.check_spot_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
    today date := (clock_timestamp() AT TIME ZONE 'Europe/Stockholm')::date;
BEGIN
    NEW.committed_at := clock_timestamp();
    IF NEW.on_day > NEW.closes_on THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ030',
            MESSAGE = 'Stickprovet måste utfästas innan leveranserna för perioden ska vara inne.';
    END IF;
    IF NEW.on_day > today THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ031', MESSAGE = 'Ett stickprov kan inte utfästas i förväg för en kommande dag.';
    END IF;
    -- A day that has passed may be named only while nothing is known yet that could be steered by: so a year can be played
    -- day by day, but a promise cannot be dated back.
    IF NEW.on_day < today AND EXISTS (
        SELECT FROM lineage.delivery AS d
        WHERE d.dataset IN ('insatser', 'narvaro', 'utbetalningar') AND d.status = 'mottagen'
            AND d.period = date_trunc('month', NEW.last_day)::date
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ032',
            MESSAGE = 'Stickprovet kan inte dateras bakåt: periodens sista månad har redan börjat levereras.';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION lineage.check_spot_check IS 'A sample is promised before the window closes, and never dated back over what is known';
CREATE TRIGGER spot_check_is_checked BEFORE INSERT ON lineage.spot_check
FOR EACH ROW EXECUTE FUNCTION lineage.check_spot_check();

CREATE TABLE lineage.spot_check_draw (
    spot_check_id bigint PRIMARY KEY REFERENCES lineage.spot_check,
    run_id bigint NOT NULL REFERENCES lineage.run,
    closed_on date NOT NULL,
    complete_on date NOT NULL CHECK (complete_on >= closed_on),
    as_of timestamptz NOT NULL,
    nonce bytea NOT NULL CHECK (length(nonce) = 32),
    manifest_sha256 text NOT NULL CHECK (manifest_sha256 ~ '^[0-9a-f]{64}$'),
    seed text NOT NULL CHECK (seed ~ '^[0-9a-f]{64}$'),
    population integer NOT NULL CHECK (population >= 0),
    items jsonb NOT NULL CHECK (jsonb_typeof(items) = 'object'),
    on_day date NOT NULL,
    drawn_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE lineage.spot_check_draw IS 'The draw of a promised sample: one only, when everything has come in';
COMMENT ON COLUMN lineage.spot_check_draw.spot_check_id IS 'The promise';
COMMENT ON COLUMN lineage.spot_check_draw.run_id IS 'The run that drew';
COMMENT ON COLUMN lineage.spot_check_draw.closed_on IS 'Last day on which providers delivered for the period, as the calendar had it at the draw';
COMMENT ON COLUMN lineage.spot_check_draw.complete_on IS 'Last day on which the payments were to be in';
COMMENT ON COLUMN lineage.spot_check_draw.as_of IS 'Point of knowledge at which the population is frozen; core can be read as it was then';
COMMENT ON COLUMN lineage.spot_check_draw.nonce IS 'The secret number, now told: its SHA-256 is the promise';
COMMENT ON COLUMN lineage.spot_check_draw.manifest_sha256 IS 'Hash of the frozen population';
COMMENT ON COLUMN lineage.spot_check_draw.seed IS 'SHA-256 of the secret number, the population''s hash and the diary number';
COMMENT ON COLUMN lineage.spot_check_draw.population IS 'How many payments the population has';
COMMENT ON COLUMN lineage.spot_check_draw.items IS 'Drawn item to its provider. An item is SHA-256 of seed and payment: it names nobody';
COMMENT ON COLUMN lineage.spot_check_draw.on_day IS 'The day of the draw; another than the clock''s only where a year is played';
COMMENT ON COLUMN lineage.spot_check_draw.drawn_at IS 'When, by the database server''s clock';

CREATE FUNCTION lineage.check_spot_check_draw() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
    promised lineage.spot_check;
BEGIN
    SELECT * INTO STRICT promised FROM lineage.spot_check WHERE spot_check_id = NEW.spot_check_id;
    NEW.drawn_at := clock_timestamp();
    IF promised.on_day > NEW.closed_on THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ033',
            MESSAGE = 'Stickprovet utfästes efter att leveranserna för perioden skulle vara inne. Det får inte dras.';
    END IF;
    IF NEW.on_day <= NEW.complete_on OR NEW.on_day < promised.on_day
       OR NEW.on_day > (clock_timestamp() AT TIME ZONE 'Europe/Stockholm')::date THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ034', MESSAGE = 'Stickprovet får dras först när alla underlag ska vara inne.';
    END IF;
    IF NEW.as_of <= promised.committed_at OR NEW.as_of > clock_timestamp() THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ035', MESSAGE = 'Underlaget måste frysas efter utfästelsen, och inte i framtiden.';
    END IF;
    IF encode(sha256(NEW.nonce), 'hex') <> promised.commitment THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ036', MESSAGE = 'Det hemliga talet är inte det som utfästes.';
    END IF;
    IF encode(sha256(NEW.nonce || decode(NEW.manifest_sha256, 'hex') || convert_to(promised.diary, 'UTF8')), 'hex')
       <> NEW.seed THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ037', MESSAGE = 'Fröet är inte det som följer av utfästelsen och underlaget.';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION lineage.check_spot_check_draw IS
'A draw follows from its promise: made in time, with the promised number, of what was frozen afterwards, once';
CREATE TRIGGER spot_check_draw_is_checked BEFORE INSERT ON lineage.spot_check_draw
FOR EACH ROW EXECUTE FUNCTION lineage.check_spot_check_draw();

CREATE TABLE lineage.spot_check_result (
    result_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    spot_check_id bigint NOT NULL REFERENCES lineage.spot_check_draw,
    run_id bigint NOT NULL REFERENCES lineage.run,
    item text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('utan_avvikelse', 'avvikelse', 'ej_genomford')),
    reason text CHECK (length(btrim(reason)) BETWEEN 10 AND 500 AND reason !~ '[0-9]{6}'),
    action_id text,
    recorded_by lineage.person NOT NULL,
    on_day date NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT outcome_is_explained CHECK (outcome = 'utan_avvikelse' OR reason IS NOT NULL),
    CONSTRAINT action_follows_from_a_fault CHECK (action_id IS NULL OR outcome = 'avvikelse')
);
CREATE INDEX ON lineage.spot_check_result (spot_check_id, item);
COMMENT ON TABLE lineage.spot_check_result IS 'What was found of one drawn payment; the newest of an item counts, the earlier remain';
COMMENT ON COLUMN lineage.spot_check_result.result_id IS 'Number of the result';
COMMENT ON COLUMN lineage.spot_check_result.spot_check_id IS 'The sample';
COMMENT ON COLUMN lineage.spot_check_result.run_id IS 'The run that recorded it';
COMMENT ON COLUMN lineage.spot_check_result.item IS 'The drawn item';
COMMENT ON COLUMN lineage.spot_check_result.outcome IS 'utan_avvikelse, avvikelse or ej_genomford';
COMMENT ON COLUMN lineage.spot_check_result.reason IS 'What the fault is, or why nothing could be checked; no personal data';
COMMENT ON COLUMN lineage.spot_check_result.action_id IS 'The action (atgarder) that follows from a fault';
COMMENT ON COLUMN lineage.spot_check_result.recorded_by IS 'User name of who checked';
COMMENT ON COLUMN lineage.spot_check_result.on_day IS 'The day it was checked';
COMMENT ON COLUMN lineage.spot_check_result.recorded_at IS 'When it reached the ledger';

CREATE FUNCTION lineage.check_spot_check_result() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM lineage.spot_check_draw AS d WHERE d.spot_check_id = NEW.spot_check_id AND d.items ? NEW.item
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ038', MESSAGE = 'Det som granskats ingår inte i stickprovet.';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION lineage.check_spot_check_result IS 'Only what was drawn gets a result';
CREATE TRIGGER spot_check_result_is_checked BEFORE INSERT ON lineage.spot_check_result
FOR EACH ROW EXECUTE FUNCTION lineage.check_spot_check_result();

CREATE TABLE lineage.notice (
    notice_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES lineage.run,
    matter text NOT NULL CHECK (matter ~ '^[a-z_]+$'),
    about text NOT NULL,
    recipient text NOT NULL,
    content jsonb NOT NULL,
    reference text NOT NULL,
    reserved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sent_at timestamptz,
    CONSTRAINT notice_once UNIQUE (matter, about, recipient)
);
COMMENT ON TABLE lineage.notice IS 'One e-mail that tells one recipient of one matter, once; its address is not kept';
COMMENT ON COLUMN lineage.notice.notice_id IS 'Number of the notice';
COMMENT ON COLUMN lineage.notice.run_id IS 'The run that began to send it';
COMMENT ON COLUMN lineage.notice.matter IS 'What kind of notice it is';
COMMENT ON COLUMN lineage.notice.about IS 'What it is about: a period, a day, an object and year';
COMMENT ON COLUMN lineage.notice.recipient IS 'Organisationsnummer of a provider, or a recipient as named in the catalogue';
COMMENT ON COLUMN lineage.notice.content IS 'What was told: counts and amounts of providers, never a person';
COMMENT ON COLUMN lineage.notice.reference IS 'Message-ID: the same again if it ever has to be resent';
COMMENT ON COLUMN lineage.notice.reserved_at IS 'When sending was begun';
COMMENT ON COLUMN lineage.notice.sent_at IS 'When the mail server took over; null until then';

CREATE FUNCTION lineage.check_notice() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
BEGIN
    IF OLD.sent_at IS NOT NULL OR to_jsonb(OLD) - 'sent_at' <> to_jsonb(NEW) - 'sent_at' THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ001', MESSAGE = 'lineage.notice only learns once when it was sent';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION lineage.check_notice IS 'A notice is never changed: only the time it was sent is filled in, once';
CREATE TRIGGER notice_is_filled_in_once BEFORE UPDATE ON lineage.notice
FOR EACH ROW EXECUTE FUNCTION lineage.check_notice();
CREATE TRIGGER notice_is_kept BEFORE DELETE ON lineage.notice
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();
CREATE TRIGGER notice_is_logged AFTER INSERT OR UPDATE ON lineage.notice
FOR EACH ROW EXECUTE FUNCTION lineage.append();

DO $$
DECLARE
    table_name text;
BEGIN
    FOREACH table_name IN ARRAY ARRAY['spot_check', 'spot_check_draw', 'spot_check_result'] LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON lineage.%I '
                       'FOR EACH ROW EXECUTE FUNCTION lineage.append()', table_name || '_is_logged', table_name);
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON lineage.%I '
                       'FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change()', table_name || '_is_append_only', table_name);
    END LOOP;
END
$$;

GRANT SELECT, INSERT ON lineage.spot_check, lineage.spot_check_draw, lineage.spot_check_result TO arshjul_compute;
GRANT SELECT ON lineage.spot_check, lineage.spot_check_draw, lineage.spot_check_result TO arshjul_audit;
GRANT SELECT ON lineage.notice TO arshjul_publish, arshjul_audit;
GRANT INSERT, UPDATE (sent_at) ON lineage.notice TO arshjul_publish;

RESET ROLE;
