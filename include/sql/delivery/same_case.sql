-- one row is a case that says the same: the same words of a provider are one case
SELECT provider_case_id
FROM lineage.provider_case
WHERE (provider, kind, received_on, subject) = (:provider::text, :kind::text, :received_on::date, :subject::text)
