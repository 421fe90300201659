-- one row is a provider that a year's dialogue is to be held with
SELECT p.provider, p.name, p.email, p.held
FROM register.dialogue_provider(:as_of, :year, :more_than) AS p
ORDER BY p.name, p.provider;
