-- one row is a promised sample of a period of a year, with how the checking of it stands
SELECT
    s.period, s.diary, s.closes_on, s.committed_on, s.drawn_on, s.tolerated, s.confidence, s.population, s.size, s.checked,
    s.faults, s.not_done, s.actions, s.unanswered_faults, s.seed
FROM register.spot_check(:as_of, :year) AS s
ORDER BY s.closes_on, s.period;
