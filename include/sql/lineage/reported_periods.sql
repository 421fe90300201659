-- one row is one of the periods that has been reported
SELECT DISTINCT period FROM published.publication WHERE period = ANY(:periods::text[]) ORDER BY period;
