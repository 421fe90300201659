-- one row is a payment of a period, with the provider's own number of the enrolment
SELECT s.payment, s.provider, s.name, s.insats_id, s.month, s.paid, s.payable_days, s.price
FROM register.sampled_payment(:as_of, :first_day, :last_day) AS s
ORDER BY s.provider, s.month, s.insats_id;
