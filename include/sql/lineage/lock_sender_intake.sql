-- Lets one run at a time fetch, or receive, what one sender delivers: the watch and a month's run may both want to.
SELECT pg_advisory_xact_lock(7306, hashtext(:sender))
