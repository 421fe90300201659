"""Airflow's side of the house: the only room that imports airflow."""
