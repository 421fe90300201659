-- Lets one delivery of a sender at a time be received: a child is never judged while its parents are being loaded.
SELECT pg_advisory_xact_lock(7303, hashtext(coalesce(:sender::text, '')))
