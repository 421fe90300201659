-- Whether a public table has left the house in a certain way
SELECT EXISTS (SELECT FROM indicator.release WHERE protection_id = :protection_id AND kind = :kind);
