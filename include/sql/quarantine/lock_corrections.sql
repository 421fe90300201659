-- Lets corrections change between two deliveries, never during one.
SELECT CASE WHEN :is_register::boolean THEN pg_advisory_xact_lock(7307) ELSE pg_advisory_xact_lock_shared(7307) END
