-- Store the values of a computation with their primary protection, rule by rule as arshjul/indicators/disclosure.py says
INSERT INTO indicator.value
    (computation_id, indicator_id, cell, numerator, denominator, squares, value, interval_low, interval_high,
    observations, units, is_protected)
SELECT
    :computation_id, indicator_id, cell, trim_scale(numerator), trim_scale(denominator), trim_scale(squares),
    trim_scale(value), trim_scale(interval_low), trim_scale(interval_high),
    observations, units,
    CASE disclosure
        WHEN 'oppen' THEN false
        WHEN 'antal_personer' THEN numerator > 0 AND numerator < :few
        WHEN 'andel_personer' THEN
            denominator > 0 AND CASE
                WHEN is_whole THEN denominator < :few
                ELSE numerator < :few OR denominator - numerator < :few
            END
        WHEN 'medel_personer' THEN observations > 0 AND observations < :few_for_mean
        WHEN 'medel_enheter' THEN units > 0 AND units < :few_for_mean
        WHEN 'kvot_personer' THEN numerator > 0 AND numerator < :few * :months
        WHEN 'kvot_per_person' THEN observations > 0 AND denominator < :few
        WHEN 'kvot_enheter' THEN units > 0 AND (units < :few OR numerator IN (0, denominator))
        WHEN 'summa_enheter' THEN units > 0 AND units < :few
    END
FROM pg_temp.computed_value
