-- The tables that the benchmark's contenders fill, beside the warehouse's own in the same database.
CREATE SCHEMA bench;
CREATE SEQUENCE bench.row_no CACHE 100000;
CREATE UNLOGGED TABLE bench.delivered (
    row_no integer NOT NULL DEFAULT nextval('bench.row_no'),
    insats_id text,
    datum text,
    planerade_timmar text,
    narvarande_timmar text,
    franvaroorsak text
);
CREATE TABLE bench.narvaro (
    insats_id text NOT NULL,
    datum date NOT NULL,
    planerade_timmar numeric NOT NULL,
    narvarande_timmar numeric NOT NULL,
    franvaroorsak text,
    file_id bigint NOT NULL,
    row_no integer NOT NULL,
    PRIMARY KEY (insats_id, datum)
);
CREATE TABLE bench.quarantine (row_no integer NOT NULL);
GRANT USAGE ON SCHEMA bench TO arshjul_intake;
GRANT INSERT ON bench.narvaro TO arshjul_intake;
