-- Makes this transaction ready for large sets: room for hash tables, and for the sets that it reads once and keeps
SELECT set_config('work_mem', '128MB', true)
