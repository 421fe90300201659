#!/usr/bin/env bash
# Run once by the postgres image on an empty volume: two databases, each with a login of its own that is no superuser.
set -euo pipefail

for name in arshjul airflow; do
    # Quoted by psql; CREATEROLE for the warehouse only: its migrations make the roles that code runs under.
    psql --username postgres --set ON_ERROR_STOP=1 --set "password=$(cat "/run/secrets/${name}_password")" <<SQL
CREATE ROLE ${name} LOGIN $([ "${name}" = arshjul ] && echo CREATEROLE) PASSWORD :'password';
CREATE DATABASE ${name} OWNER ${name};
SQL
done
