-- Makes this transaction ready for a large file: room for hash tables and for the table it lands in, and hashing.
SELECT
    set_config('work_mem', '64MB', true),
    set_config('temp_buffers', '96MB', true),
    -- Tables of this very transaction have no statistics: taken for small ones, they would be gone through once per row,
    -- and taken for large ones, all of a file would be sorted to join it with a handful of spellings.
    set_config('enable_nestloop', 'off', true),
    set_config('enable_mergejoin', 'off', true),
    set_config('enable_sort', 'off', true) -- where hashing does as well
