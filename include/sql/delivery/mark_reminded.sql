-- Note that the mail server took over a reminder.
UPDATE lineage.reminder SET sent_at = clock_timestamp() WHERE reminder_id = :reminder_id;
