-- Makes this transaction ready for large sets: room for hash tables, and both cores for what is read from tables that stay
SELECT
    -- The most for one hash table or sort; only a nation has use for it, a municipality's largest set is some tens of MB.
    set_config('work_mem', '256MB', true),
    set_config('parallel_tuple_cost', '0.01', true),
    -- A sample of some thousand rows is enough to tell a large set from a small one.
    set_config('default_statistics_target', '10', true)
