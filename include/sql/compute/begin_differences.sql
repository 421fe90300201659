-- Makes room for what has changed in kept cells since they were stored
CREATE TEMPORARY TABLE cell_difference (LIKE indicator.cell) ON COMMIT DROP
