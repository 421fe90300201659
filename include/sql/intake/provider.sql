-- one row is the sender as the register of providers has it, with whether it was authorised some day of the month
SELECT p.auktoriserad_fran <= :period_end AND coalesce(p.auktoriserad_till, 'infinity') >= :period AS is_authorised
FROM core.provider(clock_timestamp()) AS p
WHERE p.orgnr = :sender
