-- When the first delivery was judged; null when none has been.
SELECT min(j.judged_at) AS judged_at FROM lineage.judgement AS j
