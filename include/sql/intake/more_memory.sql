-- Gives this transaction's sorts and hash tables room for a large file.
SELECT set_config('work_mem', '64MB', true)
