-- one row is the number of the publication of a package
SELECT publication_id FROM published.publication WHERE package_id = :package_id;
