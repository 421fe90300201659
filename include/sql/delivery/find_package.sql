-- one row is the number of the package with this content
SELECT package_id FROM lineage.package WHERE content_sha256 = :content_sha256;
