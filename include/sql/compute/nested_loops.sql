-- Allow or forbid nested loops until the end of the transaction
SELECT set_config('enable_nestloop', :allowed, true)
