-- one row is what one provider was paid for one month, and what it performed
SELECT p.provider, p.name, p.month, p.paid, p.payable_days, p.expected, p.unpriced
FROM register.provider_payment(:as_of, :first_day, :last_day) AS p
ORDER BY p.month, p.provider;
