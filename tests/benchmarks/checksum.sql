-- One row: how many good rows a contender's table holds and the sum of their hashes, numbers compared as numbers.
SELECT
    count(*),
    coalesce(sum(hashtextextended(concat_ws('|',
        {number}, insats_id, datum::date, trim_scale(planerade_timmar::numeric), trim_scale(narvarande_timmar::numeric),
        coalesce(franvaroorsak, '')
    ), 0)::numeric), 0)::text
FROM {table}
