-- one row is the run that Airflow or the command line knows by these names
SELECT run_id FROM lineage.run WHERE dag_id = :dag_id AND dag_run_id = :dag_run_id;
