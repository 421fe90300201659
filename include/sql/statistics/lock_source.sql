-- true when nobody else fetches from the source; held until the connection is closed
SELECT pg_try_advisory_lock(7310, hashtext(:source));
