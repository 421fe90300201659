-- Whether a year's survey is closed
SELECT register.survey_is_closed(:as_of, :year, :last_day)
