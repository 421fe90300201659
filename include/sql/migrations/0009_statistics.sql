-- Statistics of Kolada and SCB: every page that was fetched, and every version of every value (two clocks).
SET LOCAL ROLE arshjul_owner;

CREATE TABLE core.statistics_fetch (
    fetch_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES lineage.run,
    source text NOT NULL CHECK (source IN ('kolada', 'scb')),
    pages_of bigint REFERENCES core.statistics_fetch,
    selection_sha256 text NOT NULL CHECK (selection_sha256 ~ '^[0-9a-f]{64}$'),
    state text NOT NULL CHECK (state IN ('hamtar', 'hamtad', 'inlast', 'avvisad')),
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    complete_at timestamptz,
    finished_at timestamptz,
    known_at timestamptz,
    refusal_rule text,
    refusal_text text,
    CHECK ((state = 'avvisad') = (refusal_rule IS NOT NULL)),
    CHECK ((state = 'inlast') = (known_at IS NOT NULL)),
    CHECK (state NOT IN ('hamtad', 'inlast') OR complete_at IS NOT NULL)
);
CREATE INDEX ON core.statistics_fetch (source, fetch_id);
COMMENT ON TABLE core.statistics_fetch IS 'One time everything chosen was fetched from one statistics service: all of it or nothing';
COMMENT ON COLUMN core.statistics_fetch.fetch_id IS 'Number of the fetch';
COMMENT ON COLUMN core.statistics_fetch.run_id IS 'The run that began it';
COMMENT ON COLUMN core.statistics_fetch.source IS 'The service: kolada or scb';
COMMENT ON COLUMN core.statistics_fetch.pages_of IS 'The earlier fetch whose landed pages are read again; null when pages of its own were fetched';
COMMENT ON COLUMN core.statistics_fetch.selection_sha256 IS 'Hash of the definition that said what to fetch';
COMMENT ON COLUMN core.statistics_fetch.state IS 'hamtar (pages are coming in), hamtad (all are in), inlast or avvisad';
COMMENT ON COLUMN core.statistics_fetch.started_at IS 'When it began';
COMMENT ON COLUMN core.statistics_fetch.complete_at IS 'When the last page was in; null when it never was';
COMMENT ON COLUMN core.statistics_fetch.finished_at IS 'When it was loaded or refused';
COMMENT ON COLUMN core.statistics_fetch.known_at IS 'From when what it said is known: its rows were opened and closed at this very time';
COMMENT ON COLUMN core.statistics_fetch.refusal_rule IS 'Why nothing of it was loaded: the rule';
COMMENT ON COLUMN core.statistics_fetch.refusal_text IS 'Why nothing of it was loaded: a Swedish sentence';

CREATE TABLE core.statistics_page (
    fetch_id bigint NOT NULL REFERENCES core.statistics_fetch,
    page_no integer NOT NULL CHECK (page_no > 0),
    kind text NOT NULL,
    request jsonb NOT NULL,
    delivery_id bigint NOT NULL UNIQUE REFERENCES lineage.delivery,
    PRIMARY KEY (fetch_id, page_no)
);
COMMENT ON TABLE core.statistics_page IS 'One answer of a service as it came; the content lies in the archive';
COMMENT ON COLUMN core.statistics_page.fetch_id IS 'The fetch';
COMMENT ON COLUMN core.statistics_page.page_no IS 'Order within the fetch, from 1';
COMMENT ON COLUMN core.statistics_page.kind IS 'What the page holds, such as kpi, data or metadata';
COMMENT ON COLUMN core.statistics_page.request IS 'What was asked: the path below the service''s address, and what is needed to judge the answer';
COMMENT ON COLUMN core.statistics_page.delivery_id IS 'The delivery that holds the content''s hash';

CREATE TABLE core.statistics_series (
    source text NOT NULL,
    series_id text NOT NULL,
    title text NOT NULL,
    is_discontinued boolean NOT NULL,
    attributes jsonb NOT NULL DEFAULT '{}',
    delivery_id bigint NOT NULL REFERENCES lineage.delivery,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX statistics_series_current ON core.statistics_series (source, series_id) WHERE known_to = 'infinity';
COMMENT ON TABLE core.statistics_series IS 'One series (a KPI, or a table and a measure) as its service describes it';
COMMENT ON COLUMN core.statistics_series.source IS 'The service: kolada or scb';
COMMENT ON COLUMN core.statistics_series.series_id IS 'KPI id, or table id and measure code: TAB6260/000006II';
COMMENT ON COLUMN core.statistics_series.title IS 'The service''s own title';
COMMENT ON COLUMN core.statistics_series.is_discontinued IS 'The service says that no more values come, or no longer has the series';
COMMENT ON COLUMN core.statistics_series.attributes IS 'What else it says: unit, split by gender, dates of publication, notes that must be shown';
COMMENT ON COLUMN core.statistics_series.delivery_id IS 'The page that said so';
COMMENT ON COLUMN core.statistics_series.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.statistics_series.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.statistics_area (
    source text NOT NULL,
    area text NOT NULL,
    title text NOT NULL,
    members jsonb NOT NULL DEFAULT '[]',
    delivery_id bigint NOT NULL REFERENCES lineage.delivery,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX statistics_area_current ON core.statistics_area (source, area) WHERE known_to = 'infinity';
COMMENT ON TABLE core.statistics_area IS 'What a service calls an area: a municipality, a county, the country or a group of municipalities';
COMMENT ON COLUMN core.statistics_area.source IS 'The service: kolada or scb';
COMMENT ON COLUMN core.statistics_area.area IS 'The area''s code, text with leading zeros';
COMMENT ON COLUMN core.statistics_area.title IS 'The area''s name';
COMMENT ON COLUMN core.statistics_area.members IS 'Codes of a group''s members; empty for other areas';
COMMENT ON COLUMN core.statistics_area.delivery_id IS 'The page that said so';
COMMENT ON COLUMN core.statistics_area.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.statistics_area.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.statistics_value (
    source text NOT NULL,
    series_id text NOT NULL,
    area text NOT NULL,
    period text NOT NULL COLLATE "C",
    dimensions jsonb NOT NULL,
    value numeric,
    status text NOT NULL DEFAULT '',
    is_deleted boolean NOT NULL DEFAULT false,
    members integer,
    delivery_id bigint NOT NULL REFERENCES lineage.delivery,
    row_no integer NOT NULL CHECK (row_no > 0),
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to),
    CHECK (NOT is_deleted OR value IS NULL)
);
CREATE UNIQUE INDEX statistics_value_current ON core.statistics_value (source, series_id, area, period, dimensions)
WHERE known_to = 'infinity';
CREATE INDEX ON core.statistics_value (source, known_from);
CREATE INDEX ON core.statistics_value (source, known_to);
CREATE INDEX ON core.statistics_value (delivery_id);
COMMENT ON TABLE core.statistics_value IS 'One cell of official statistics in one version; a revision closes it and opens the next';
COMMENT ON COLUMN core.statistics_value.source IS 'The service: kolada or scb';
COMMENT ON COLUMN core.statistics_value.series_id IS 'The series';
COMMENT ON COLUMN core.statistics_value.area IS 'Code of the area';
COMMENT ON COLUMN core.statistics_value.period IS 'The service''s own code of the period: 2025 or 2026M04';
COMMENT ON COLUMN core.statistics_value.dimensions IS 'Every other dimension by its code, such as gender';
COMMENT ON COLUMN core.statistics_value.value IS 'The value; null when the service says that there is none, which is not 0';
COMMENT ON COLUMN core.statistics_value.status IS 'The service''s mark on the value, such as Missing; empty when it has none';
COMMENT ON COLUMN core.statistics_value.is_deleted IS 'The service has taken the value back';
COMMENT ON COLUMN core.statistics_value.members IS 'How many members a group''s value is the mean of, where the service says';
COMMENT ON COLUMN core.statistics_value.delivery_id IS 'The page that first said so';
COMMENT ON COLUMN core.statistics_value.row_no IS 'Number of the cell on that page, from 1';
COMMENT ON COLUMN core.statistics_value.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.statistics_value.known_to IS 'Until when we believed it; infinity while we do';

COMMENT ON COLUMN lineage.delivery.sender IS
'Ten-digit organisationsnummer of the sender, or the name of a statistics service; null when unknown';
COMMENT ON COLUMN lineage.delivery.finished_at IS
'When it was loaded, recognised or refused; never for a page of statistics, whose fate is its fetch''s';

GRANT SELECT ON core.statistics_fetch, core.statistics_page, core.statistics_series, core.statistics_area,
core.statistics_value TO arshjul_intake, arshjul_compute, arshjul_audit;
GRANT INSERT, UPDATE ON core.statistics_fetch, core.statistics_page, core.statistics_series, core.statistics_area,
core.statistics_value TO arshjul_intake;

RESET ROLE;
