-- What becomes of a publication afterwards: the board's decision, what replaces it, and its recall. Nothing of it is ever changed.
SET LOCAL ROLE arshjul_owner;

CREATE TABLE published.decision (
    decision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    publication_id bigint NOT NULL,
    content_sha256 text NOT NULL,
    decided_on date NOT NULL,
    paragraph text NOT NULL CHECK (paragraph ~ '^§ [1-9][0-9]{0,3}$'),
    decision text NOT NULL CHECK (length(btrim(decision)) BETWEEN 5 AND 2000),
    recorded_by lineage.person NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT decision_once UNIQUE (publication_id),
    FOREIGN KEY (publication_id, content_sha256) REFERENCES published.publication (publication_id, content_sha256)
);
COMMENT ON TABLE published.decision IS 'What the board decided about one publication; a corrected report is another publication with a decision of its own';
COMMENT ON COLUMN published.decision.decision_id IS 'Number of the decision';
COMMENT ON COLUMN published.decision.publication_id IS 'The publication';
COMMENT ON COLUMN published.decision.content_sha256 IS 'Hash of the very content that was before the board';
COMMENT ON COLUMN published.decision.decided_on IS 'Day of the meeting';
COMMENT ON COLUMN published.decision.paragraph IS 'Paragraph of the minutes, such as § 45';
COMMENT ON COLUMN published.decision.decision IS 'The decision, as the minutes have it';
COMMENT ON COLUMN published.decision.recorded_by IS 'User name of the person who recorded it';
COMMENT ON COLUMN published.decision.recorded_at IS 'When it was recorded';
CREATE TRIGGER decision_is_append_only BEFORE UPDATE OR DELETE ON published.decision
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();
CREATE TRIGGER decision_is_logged AFTER INSERT ON published.decision
FOR EACH ROW EXECUTE FUNCTION lineage.append();

GRANT SELECT ON published.decision TO arshjul_publish, arshjul_report, arshjul_audit;
GRANT INSERT ON published.decision TO arshjul_publish;

CREATE TABLE published.correction (
    correction_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    publication_id bigint NOT NULL REFERENCES published.publication,
    replaces_id bigint NOT NULL REFERENCES published.publication,
    run_id bigint NOT NULL REFERENCES lineage.run,
    reason text NOT NULL CHECK (length(btrim(reason)) BETWEEN 10 AND 1000 AND reason !~ '[[:cntrl:]]'),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT correction_of_one UNIQUE (publication_id),
    CONSTRAINT replaced_once UNIQUE (replaces_id),
    CONSTRAINT correction_comes_after CHECK (publication_id > replaces_id)
);
COMMENT ON TABLE published.correction IS 'One publication that replaces an earlier one of the same report and period';
COMMENT ON COLUMN published.correction.correction_id IS 'Number of the correction';
COMMENT ON COLUMN published.correction.publication_id IS 'The new publication';
COMMENT ON COLUMN published.correction.replaces_id IS 'The publication it replaces';
COMMENT ON COLUMN published.correction.run_id IS 'The run that published it';
COMMENT ON COLUMN published.correction.reason IS 'What has changed and why, as a sentence that readers are told';
COMMENT ON COLUMN published.correction.recorded_at IS 'When it was recorded';

CREATE FUNCTION published.check_correction() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM published.publication n JOIN published.publication o USING (report_id, period)
                   WHERE n.publication_id = NEW.publication_id AND o.publication_id = NEW.replaces_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ040', MESSAGE = 'En rättelse ersätter en tidigare version av samma rapport och period.';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION published.check_correction IS 'Only another version of the same report and period can be replaced';
CREATE TRIGGER correction_is_checked BEFORE INSERT ON published.correction
FOR EACH ROW EXECUTE FUNCTION published.check_correction();
CREATE TRIGGER correction_is_append_only BEFORE UPDATE OR DELETE ON published.correction
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();
CREATE TRIGGER correction_is_logged AFTER INSERT ON published.correction
FOR EACH ROW EXECUTE FUNCTION lineage.append();

CREATE TABLE published.recall (
    recall_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    publication_id bigint NOT NULL REFERENCES published.publication,
    reason text NOT NULL CHECK (length(btrim(reason)) BETWEEN 10 AND 1000 AND reason !~ '[[:cntrl:]]'),
    requested_by lineage.person NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    approved_by lineage.person,
    approved_at timestamptz,
    CONSTRAINT recall_needs_two_persons CHECK (lower(approved_by) <> lower(requested_by)),
    CONSTRAINT recall_is_approved_at_a_time CHECK ((approved_by IS NULL) = (approved_at IS NULL))
);
CREATE UNIQUE INDEX recall_once ON published.recall (publication_id) WHERE approved_at IS NOT NULL;
CREATE INDEX ON published.recall (publication_id);
COMMENT ON TABLE published.recall IS 'One request to withdraw a publication; it holds when a second person has approved it';
COMMENT ON COLUMN published.recall.recall_id IS 'Number of the recall';
COMMENT ON COLUMN published.recall.publication_id IS 'The publication';
COMMENT ON COLUMN published.recall.reason IS 'Why, as everybody who got the publication is told';
COMMENT ON COLUMN published.recall.requested_by IS 'Who asked for it';
COMMENT ON COLUMN published.recall.requested_at IS 'When it was asked for';
COMMENT ON COLUMN published.recall.approved_by IS 'The second person; null until then';
COMMENT ON COLUMN published.recall.approved_at IS 'When the second person approved; null until then';

CREATE FUNCTION published.check_recall() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
    -- The log's lock: a decision and a recall at the same moment become one after the other.
    PERFORM pg_advisory_xact_lock(7301);
    IF TG_OP = 'UPDATE' AND (OLD.approved_at IS NOT NULL
        OR to_jsonb(OLD) - 'approved_by' - 'approved_at' <> to_jsonb(NEW) - 'approved_by' - 'approved_at') THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ001', MESSAGE = 'published.recall only learns once who approved it';
    END IF;
    IF EXISTS (SELECT FROM published.decision d WHERE d.publication_id = NEW.publication_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ041', MESSAGE = 'Nämnden har beslutat om den här versionen, så den kan inte '
            'återkallas. Rätta rapporten och publicera en ny version.';
    END IF;
    IF TG_OP = 'INSERT' AND EXISTS (SELECT FROM published.recall r
                                    WHERE r.publication_id = NEW.publication_id AND r.approved_at IS NOT NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ042', MESSAGE = 'Versionen är redan återkallad.';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION published.check_recall IS 'What the board has decided about is never recalled, and a recall is approved once';
CREATE TRIGGER recall_is_checked BEFORE INSERT OR UPDATE ON published.recall
FOR EACH ROW EXECUTE FUNCTION published.check_recall();
CREATE TRIGGER recall_is_kept BEFORE DELETE ON published.recall
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();
CREATE TRIGGER recall_is_logged AFTER INSERT OR UPDATE ON published.recall
FOR EACH ROW EXECUTE FUNCTION lineage.append();

CREATE FUNCTION published.check_decision() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7301);
    IF EXISTS (SELECT FROM published.recall r
               WHERE r.publication_id = NEW.publication_id AND r.approved_at IS NOT NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'AJ043', MESSAGE = 'Versionen är återkallad, så det går inte att föra in ett beslut om den.';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION published.check_decision IS 'Nothing is decided about a publication that has been recalled';
CREATE TRIGGER decision_is_checked BEFORE INSERT ON published.decision
FOR EACH ROW EXECUTE FUNCTION published.check_decision();

GRANT SELECT ON published.correction, published.recall TO arshjul_publish, arshjul_report, arshjul_audit;
GRANT INSERT ON published.correction, published.recall TO arshjul_publish;
GRANT UPDATE (approved_by, approved_at) ON published.recall TO arshjul_publish;

RESET ROLE;
