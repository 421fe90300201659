-- Note that the mail server has taken a notice
UPDATE lineage.notice SET sent_at = clock_timestamp() WHERE notice_id = :notice_id
