-- Take away the room of one review
DROP TABLE pg_temp.revision_cell, pg_temp.revision_stage
