-- Makes this transaction ready for a large file: room for hash tables, and no join row by row.
SELECT
    set_config('work_mem', '64MB', true),
    -- Tables of this very transaction have no statistics: taken for small ones, they would be gone through once per row.
    set_config('enable_nestloop', 'off', true)
