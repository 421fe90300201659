-- what a recipient was last told of a matter that has a letter of its own each day, before a day
SELECT n.about, n.content
FROM lineage.notice AS n
WHERE n.matter = :matter AND n.recipient = :recipient AND n.about < :day AND n.sent_at IS NOT NULL
ORDER BY n.about DESC
LIMIT 1
