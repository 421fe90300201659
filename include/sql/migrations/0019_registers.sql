-- A schema for what the registers of follow-up are read through.
SET LOCAL ROLE arshjul_owner;

CREATE SCHEMA register;
COMMENT ON SCHEMA register IS 'Registers of the follow-up year as readers of reports may see them: functions over core, no table';
GRANT USAGE ON SCHEMA register TO arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;

RESET ROLE;
