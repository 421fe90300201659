-- Figures faster than their days: attendance rolled up by enrolment and month, finest cells kept, and what spread needs.
SET LOCAL ROLE arshjul_owner;

-- A day lies in its delivery month (rule i_manaden), so the months of one delivery hold each day once.
CREATE TABLE core.narvaro_manad (
    sender text NOT NULL,
    period date NOT NULL,
    insats_id text NOT NULL,
    days integer NOT NULL,
    days_attended integer NOT NULL,
    planned_hours numeric NOT NULL,
    attended_hours numeric NOT NULL,
    delivery_id bigint NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX narvaro_manad_current ON core.narvaro_manad (sender, period, insats_id) WHERE known_to = 'infinity';
-- What one sender told was known at any time: the computation of a difference reads no one else's.
CREATE INDEX narvaro_manad_slice ON core.narvaro_manad (sender, period);
COMMENT ON TABLE core.narvaro_manad IS 'Attendance of one enrolment in one delivery month, rolled up from its days in the transaction that loads them';
COMMENT ON COLUMN core.narvaro_manad.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.narvaro_manad.period IS 'First day of the month';
COMMENT ON COLUMN core.narvaro_manad.insats_id IS 'The senders id of the enrolment';
COMMENT ON COLUMN core.narvaro_manad.days IS 'Number of days told';
COMMENT ON COLUMN core.narvaro_manad.days_attended IS 'Number of them with any attended hour';
COMMENT ON COLUMN core.narvaro_manad.planned_hours IS 'Sum of planned hours';
COMMENT ON COLUMN core.narvaro_manad.attended_hours IS 'Sum of attended hours';
COMMENT ON COLUMN core.narvaro_manad.delivery_id IS 'The newest delivery that told one of the days';
COMMENT ON COLUMN core.narvaro_manad.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.narvaro_manad.known_to IS 'Until when we believed it; infinity while we do';

CREATE FUNCTION core.roll_up_attendance() RETURNS void
LANGUAGE sql SET search_path = pg_catalog
AS $$
    DELETE FROM core.narvaro_manad;
    -- Between two moments when a day of it was opened or closed, a month of an enrolment says one thing.
    INSERT INTO core.narvaro_manad
    SELECT
        s.sender, s.period, s.insats_id, count(*), count(*) FILTER (WHERE n.narvarande_timmar > 0),
        sum(n.planerade_timmar), sum(n.narvarande_timmar), max(n.delivery_id), s.known_from, s.known_to
    FROM (
        SELECT
            m.sender, m.period, m.insats_id, m.moment AS known_from,
            lead(m.moment, 1, 'infinity') OVER (
                PARTITION BY m.sender, m.period, m.insats_id ORDER BY m.moment
            ) AS known_to
        FROM (
            SELECT f.sender, f.period, f.insats_id, f.known_from AS moment FROM core.narvaro AS f
            UNION
            SELECT t.sender, t.period, t.insats_id, t.known_to FROM core.narvaro AS t WHERE t.known_to < 'infinity'
        ) AS m
    ) AS s
    JOIN core.narvaro AS n
        ON n.sender = s.sender AND n.period = s.period AND n.insats_id = s.insats_id
        AND n.known_from <= s.known_from AND s.known_from < n.known_to
    GROUP BY s.sender, s.period, s.insats_id, s.known_from, s.known_to;
$$;
COMMENT ON FUNCTION core.roll_up_attendance IS 'Rolls up every version of every day anew: what loading does month by month';
SELECT core.roll_up_attendance();
REVOKE EXECUTE ON FUNCTION core.roll_up_attendance FROM PUBLIC;
GRANT SELECT ON core.narvaro_manad TO arshjul_intake, arshjul_compute;
GRANT INSERT, UPDATE ON core.narvaro_manad TO arshjul_intake;

-- Finds the days of an enrolment and month that were once known: the index of what is known has those that still are.
CREATE INDEX narvaro_closed ON core.narvaro (sender, period, insats_id) WHERE known_to < 'infinity';

-- Cells can always be computed again, so they are not written to the log that protects what cannot: after a crash both
-- tables are empty, together.
CREATE UNLOGGED TABLE indicator.cell_set (
    set_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    indicator_id text NOT NULL,
    part text NOT NULL CHECK (part IN ('indicator', 'left_out')),
    period text NOT NULL,
    as_of timestamptz NOT NULL,
    definition_sha256 text NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT transaction_timestamp(),
    computation_id bigint,
    UNIQUE (indicator_id, part, period)
);
COMMENT ON TABLE indicator.cell_set IS 'Finest cells that are kept: the newest whole set of each indicator and period; later computations count what has changed since';
COMMENT ON COLUMN indicator.cell_set.set_id IS 'Number of the set';
COMMENT ON COLUMN indicator.cell_set.indicator_id IS 'The indicator';
COMMENT ON COLUMN indicator.cell_set.part IS 'indicator (its observations) or left_out (what it left out)';
COMMENT ON COLUMN indicator.cell_set.period IS 'Key of the period';
COMMENT ON COLUMN indicator.cell_set.as_of IS 'Only what was known then is in it';
COMMENT ON COLUMN indicator.cell_set.definition_sha256 IS 'Hash of everything that says how it is computed';
COMMENT ON COLUMN indicator.cell_set.stored_at IS 'Beginning of the transaction that stored it';
COMMENT ON COLUMN indicator.cell_set.computation_id IS 'The computation whose values were made of these cells alone';

CREATE UNLOGGED TABLE indicator.cell (
    set_id bigint NOT NULL,
    codes text[] NOT NULL,
    item text NOT NULL,
    numerator numeric NOT NULL,
    denominator numeric NOT NULL,
    squares numeric,
    observations bigint NOT NULL
);
CREATE INDEX ON indicator.cell (set_id);
COMMENT ON TABLE indicator.cell IS 'One finest cell of a set; for what does not add up (distinct things, medians) one for each item in it';
COMMENT ON COLUMN indicator.cell.set_id IS 'The set';
COMMENT ON COLUMN indicator.cell.codes IS 'Codes of the indicator''s breakdowns, in their order';
COMMENT ON COLUMN indicator.cell.item IS 'The thing counted, the person that decides protection, the value a median orders or the reason for leaving out; empty otherwise';
COMMENT ON COLUMN indicator.cell.numerator IS 'Sum of numerators';
COMMENT ON COLUMN indicator.cell.denominator IS 'Sum of denominators; 0 where there are none';
COMMENT ON COLUMN indicator.cell.squares IS 'Sum of squared numerators, of means only';
COMMENT ON COLUMN indicator.cell.observations IS 'Number of observations';
GRANT SELECT, INSERT, DELETE ON indicator.cell_set, indicator.cell TO arshjul_compute;
GRANT UPDATE (computation_id) ON indicator.cell_set TO arshjul_compute;

-- Computations are append only and a value is stored in its computation's own transaction: looking the same computation up
-- for each of tens of thousands of values protects nothing.
ALTER TABLE indicator.value
    DROP CONSTRAINT value_computation_id_fkey,
    ADD squares numeric,
    ADD interval_low numeric,
    ADD interval_high numeric;
COMMENT ON COLUMN indicator.value.squares IS 'Sum of squared numerators: the spread of a mean; null for other kinds';
COMMENT ON COLUMN indicator.value.interval_low IS 'Lower end of a median''s 95 % interval, an observed value; null for other kinds and below six observations';
COMMENT ON COLUMN indicator.value.interval_high IS 'Upper end of the same interval';

RESET ROLE;
