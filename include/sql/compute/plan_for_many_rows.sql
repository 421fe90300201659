-- Makes this transaction ready for large sets: room for hash tables, and for the sets that it reads once and keeps
SELECT
    set_config('work_mem', '256MB', true),
    set_config('parallel_tuple_cost', '0.01', true),
    -- A sample of some thousand rows is enough to tell a large set from a small one.
    set_config('default_statistics_target', '10', true)
