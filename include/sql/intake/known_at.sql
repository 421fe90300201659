-- The moment from which what is being loaded is known; read after the lock of lock_knowledge.sql.
SELECT clock_timestamp()
