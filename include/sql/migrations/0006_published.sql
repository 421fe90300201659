-- What has left us: publications, their figures, and receipts for every recipient.
SET LOCAL ROLE arshjul_owner;

CREATE TABLE published.publication (
    publication_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    package_id bigint NOT NULL UNIQUE REFERENCES lineage.package,
    run_id bigint NOT NULL REFERENCES lineage.run,
    report_id text NOT NULL,
    period text NOT NULL,
    content_sha256 text NOT NULL,
    published_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (publication_id, content_sha256)
);
COMMENT ON TABLE published.publication IS 'A package that two persons approved and that was released';
COMMENT ON COLUMN published.publication.publication_id IS 'Number of the publication';
COMMENT ON COLUMN published.publication.package_id IS 'The approved package';
COMMENT ON COLUMN published.publication.run_id IS 'The run that released it';
COMMENT ON COLUMN published.publication.report_id IS 'Which report';
COMMENT ON COLUMN published.publication.period IS 'Key of the period it reports';
COMMENT ON COLUMN published.publication.content_sha256 IS 'Hash of the content, the one that was approved';
COMMENT ON COLUMN published.publication.published_at IS 'When';

CREATE TABLE published.figure (
    publication_id bigint NOT NULL REFERENCES published.publication,
    figure_id text NOT NULL,
    indicator_id text NOT NULL,
    cell jsonb NOT NULL,
    numerator numeric,
    denominator numeric,
    value numeric,
    observations bigint,
    is_protected boolean NOT NULL,
    PRIMARY KEY (publication_id, figure_id),
    CONSTRAINT protected_figures_are_empty
    CHECK (NOT is_protected OR num_nonnulls(numerator, denominator, value, observations) = 0)
);
COMMENT ON TABLE published.figure IS 'One figure as a reader sees it; a protected one has no value here at all';
COMMENT ON COLUMN published.figure.publication_id IS 'The publication';
COMMENT ON COLUMN published.figure.figure_id IS 'Name of the figure, such as maluppfyllelse/2026-T1/insatstyp=jobbpeng_grund';
COMMENT ON COLUMN published.figure.indicator_id IS 'The indicator';
COMMENT ON COLUMN published.figure.cell IS 'Breakdown to code; {} is the total';
COMMENT ON COLUMN published.figure.numerator IS 'Sum of numerators';
COMMENT ON COLUMN published.figure.denominator IS 'Sum of denominators';
COMMENT ON COLUMN published.figure.value IS 'The value, unrounded';
COMMENT ON COLUMN published.figure.observations IS 'Number of observations';
COMMENT ON COLUMN published.figure.is_protected IS 'Withheld: shown as ..';

CREATE FUNCTION lineage.deciding_check_run(for_computation bigint, until timestamptz DEFAULT 'infinity')
RETURNS SETOF lineage.check_run
LANGUAGE sql STABLE SET search_path = pg_catalog
AS $$
    SELECT DISTINCT ON (c.stage) c.*
    FROM lineage.check_run c
    JOIN indicator.computation computed ON computed.computation_id = for_computation
    WHERE c.checked_at <= until
      AND (c.computation_id = for_computation
           OR (c.stage = 'core' AND c.computation_id IS NULL
               AND c.period = computed.period AND c.as_of = computed.as_of))
    ORDER BY c.stage, c.check_run_id DESC
$$;
COMMENT ON FUNCTION lineage.deciding_check_run IS
'The newest check run of each stage, until a time, that decides whether a computation may be published';

CREATE FUNCTION published.check_publication() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
    package lineage.package;
    approved integer;
BEGIN
    -- The log's lock before the row's: the same order everywhere, so that two decisions never wait for each other.
    PERFORM pg_advisory_xact_lock(7301);
    SELECT * INTO STRICT package FROM lineage.package WHERE package_id = NEW.package_id FOR UPDATE;
    IF (package.content_sha256, package.report_id, package.period)
       IS DISTINCT FROM (NEW.content_sha256, NEW.report_id, NEW.period) THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ020', MESSAGE = 'Det som ska publiceras är inte det som godkändes.';
    END IF;
    SELECT count(DISTINCT lower(a.person)) INTO approved FROM lineage.approval a
    WHERE a.package_id = NEW.package_id AND a.content_sha256 = NEW.content_sha256 AND a.decision = 'godkand';
    IF approved < 2 THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ021', MESSAGE = 'Paketet är inte godkänt av två personer.';
    END IF;
    IF (SELECT count(*) FROM lineage.deciding_check_run(package.computation_id) c
        WHERE c.stage IN ('core', 'indicator')) < 2
       OR EXISTS (SELECT FROM lineage.deciding_check_run(package.computation_id) c
                  LEFT JOIN lineage.check_result r ON r.check_run_id = c.check_run_id
                  LEFT JOIN lineage.waiver w ON w.waiver_id = r.waiver_id
                  WHERE c.outcome = 'stopp'
                     -- A waiver may have ended while the package waited for its approvals.
                     OR (r.severity = 'stopp' AND NOT r.is_success
                         AND coalesce(w.valid_until < (now() AT TIME ZONE 'Europe/Stockholm')::date, true))) THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ022', MESSAGE = 'Kvalitetsgrinden är inte passerad för paketets siffror.';
    END IF;
    IF EXISTS (SELECT FROM (
                   SELECT DISTINCT ON (c.period) c.outcome
                   FROM lineage.check_run c
                   JOIN indicator.computation computed ON computed.computation_id = package.computation_id
                   WHERE c.stage = 'staging'
                     AND c.period BETWEEN to_char(computed.period_start, 'YYYY-MM') AND to_char(computed.period_end, 'YYYY-MM')
                   ORDER BY c.period, c.check_run_id DESC
               ) AS month
               WHERE month.outcome = 'stopp') THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ024', MESSAGE = 'En av periodens månader är stoppad i kontrollen av det inlästa.';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION published.check_publication IS 'Nothing is published that was not checked and approved by two persons, byte for byte';
CREATE TRIGGER publication_is_checked BEFORE INSERT ON published.publication
FOR EACH ROW EXECUTE FUNCTION published.check_publication();
CREATE TRIGGER publication_is_append_only BEFORE UPDATE OR DELETE ON published.publication
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();
CREATE TRIGGER figure_is_append_only BEFORE UPDATE OR DELETE ON published.figure
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();
CREATE TRIGGER publication_is_logged AFTER INSERT ON published.publication
FOR EACH ROW EXECUTE FUNCTION lineage.append();

CREATE FUNCTION published.figures_seal(of_publication bigint) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog
AS $$
    SELECT jsonb_build_object(
        'publication_id', of_publication,
        'figures', count(*),
        'figures_sha256', encode(sha256(convert_to(
            jsonb_agg(to_jsonb(f) - 'publication_id' ORDER BY f.figure_id COLLATE "C")::text, 'UTF8')), 'hex'))
    FROM published.figure f WHERE f.publication_id = of_publication
$$;
COMMENT ON FUNCTION published.figures_seal IS 'What the log keeps of a publication''s figures: how many, and one hash over them';

CREATE FUNCTION published.seal_figures() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
    sealed record;
BEGIN
    FOR sealed IN SELECT i.publication_id, count(*) AS figures FROM inserted i GROUP BY i.publication_id LOOP
        IF sealed.figures <> (SELECT count(*) FROM published.figure f WHERE f.publication_id = sealed.publication_id) THEN
            RAISE EXCEPTION USING ERRCODE = 'AJ023', MESSAGE = 'Publicerade siffror kan inte fyllas på i efterhand.';
        END IF;
        PERFORM lineage.write('figure.insert', published.figures_seal(sealed.publication_id));
    END LOOP;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION published.seal_figures IS 'A publication''s figures come in one statement, and their hash goes to the log';
CREATE TRIGGER figures_are_sealed AFTER INSERT ON published.figure REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION published.seal_figures();

CREATE TABLE lineage.receipt (
    receipt_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    publication_id bigint NOT NULL,
    recipient_id text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('e-post', 'mapp')),
    address text NOT NULL,
    content_sha256 text NOT NULL,
    reference text NOT NULL,
    reserved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    delivered_at timestamptz,
    CONSTRAINT receipt_once UNIQUE (publication_id, recipient_id, channel),
    FOREIGN KEY (publication_id, content_sha256) REFERENCES published.publication (publication_id, content_sha256)
);
COMMENT ON TABLE lineage.receipt IS 'One recipient''s copy of one publication: what was handed over, how and when';
COMMENT ON COLUMN lineage.receipt.receipt_id IS 'Number of the receipt';
COMMENT ON COLUMN lineage.receipt.publication_id IS 'The publication';
COMMENT ON COLUMN lineage.receipt.recipient_id IS 'Recipient, as named in the catalogue';
COMMENT ON COLUMN lineage.receipt.channel IS 'e-post or mapp';
COMMENT ON COLUMN lineage.receipt.address IS 'Function address or folder it was sent to';
COMMENT ON COLUMN lineage.receipt.content_sha256 IS 'Hash of what was sent';
COMMENT ON COLUMN lineage.receipt.reference IS 'Message-ID or folder name: the same again if it ever has to be resent';
COMMENT ON COLUMN lineage.receipt.reserved_at IS 'When sending was begun';
COMMENT ON COLUMN lineage.receipt.delivered_at IS 'When the receiving system took over; null until then';
CREATE FUNCTION lineage.check_receipt() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
BEGIN
    IF OLD.delivered_at IS NOT NULL OR to_jsonb(OLD) - 'delivered_at' <> to_jsonb(NEW) - 'delivered_at' THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ001', MESSAGE = 'lineage.receipt only learns once when it was delivered';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION lineage.check_receipt IS 'A receipt is never changed: only the time of delivery is filled in, once';
CREATE TRIGGER receipt_is_filled_in_once BEFORE UPDATE ON lineage.receipt
FOR EACH ROW EXECUTE FUNCTION lineage.check_receipt();
CREATE TRIGGER receipt_is_kept BEFORE DELETE ON lineage.receipt
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();
CREATE TRIGGER receipt_is_logged AFTER INSERT OR UPDATE ON lineage.receipt
FOR EACH ROW EXECUTE FUNCTION lineage.append();

GRANT SELECT ON ALL TABLES IN SCHEMA published TO arshjul_publish, arshjul_report, arshjul_audit;
GRANT INSERT ON published.publication, published.figure TO arshjul_publish;
GRANT SELECT ON lineage.receipt TO arshjul_publish, arshjul_report, arshjul_audit;
GRANT INSERT, UPDATE (delivered_at) ON lineage.receipt TO arshjul_publish;

RESET ROLE;
