-- Note that the mail server has taken a notice, and what it told
UPDATE lineage.notice SET sent_at = clock_timestamp(), content = :content::jsonb WHERE notice_id = :notice_id
