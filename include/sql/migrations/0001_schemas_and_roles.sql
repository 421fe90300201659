-- Schemas, the owner nobody logs in as, and the roles that application code runs under (least privilege).
DO $$
DECLARE
    role_name text;
BEGIN
    -- Roles belong to the whole server: a second database on it finds them already there.
    FOREACH role_name IN ARRAY ARRAY['arshjul_owner', 'arshjul_intake', 'arshjul_compute', 'arshjul_publish',
                                     'arshjul_report', 'arshjul_audit'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
        -- Who makes a role may grant it but not be it, unless a superuser (PostgreSQL 16 and later).
        IF NOT pg_has_role(current_user, role_name, 'SET') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER WITH SET TRUE, INHERIT FALSE', role_name);
        END IF;
    END LOOP;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO arshjul_owner, arshjul_intake, arshjul_compute, '
                   'arshjul_publish, arshjul_report, arshjul_audit', current_database());
    EXECUTE format('GRANT CREATE ON DATABASE %I TO arshjul_owner', current_database());
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;

SET LOCAL ROLE arshjul_owner;

CREATE SCHEMA vault;
COMMENT ON SCHEMA vault IS 'Personnummer (encrypted) and its keyed alias; only intake reaches it';
CREATE SCHEMA staging;
COMMENT ON SCHEMA staging IS 'Typed rows of deliveries being received; emptied when the run has been checked';
CREATE SCHEMA quarantine;
COMMENT ON SCHEMA quarantine IS 'Why a row was not loaded: row number, field and rule, never the content';
CREATE SCHEMA core;
COMMENT ON SCHEMA core IS 'What the senders have told us, typed, with everything they have told us before';
CREATE SCHEMA indicator;
COMMENT ON SCHEMA indicator IS 'Computed values of the catalogue, one computation per period and point of knowledge';
CREATE SCHEMA published;
COMMENT ON SCHEMA published IS 'Figures as they left us: approved, frozen, never updated';
CREATE SCHEMA lineage;
COMMENT ON SCHEMA lineage IS 'The ledger: deliveries, runs, checks, approvals, publications, receipts and the chained log';

GRANT USAGE ON SCHEMA lineage TO arshjul_intake, arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;
GRANT USAGE ON SCHEMA vault TO arshjul_intake;
GRANT USAGE, CREATE ON SCHEMA staging TO arshjul_intake;
GRANT USAGE ON SCHEMA quarantine TO arshjul_intake, arshjul_report, arshjul_audit;
GRANT USAGE ON SCHEMA core TO arshjul_intake, arshjul_compute, arshjul_audit;
GRANT USAGE ON SCHEMA indicator TO arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;
GRANT USAGE ON SCHEMA published TO arshjul_publish, arshjul_report, arshjul_audit;

RESET ROLE;
