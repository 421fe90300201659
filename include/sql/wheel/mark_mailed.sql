-- Note that the mail server took over a mail.
UPDATE lineage.activity_mail SET sent_at = clock_timestamp() WHERE activity_mail_id = :activity_mail_id;
