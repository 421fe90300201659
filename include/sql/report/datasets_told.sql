-- one row is a dataset that anything had been delivered of for the months of a period, as known at a time
SELECT t.dataset
FROM register.dataset_told(:as_of, :period_start, :period_end) AS t;
