-- one row is the case, and who has closed it
SELECT provider_case_id, provider, kind, received_on, subject, outcome, decision, closed_on, closed_by
FROM lineage.provider_case
WHERE provider_case_id = :provider_case_id
