-- Open a provider's case.
INSERT INTO lineage.provider_case (provider, kind, received_on, subject, opened_by)
VALUES (:provider, :kind, :received_on, :subject, :opened_by)
RETURNING provider_case_id
