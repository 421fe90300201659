-- Take away the room of one computation, so that the next one in the same session makes its own
DROP TABLE pg_temp.computed_value, pg_temp.computed_left_out, pg_temp.cell_difference
