-- one row is a delivery that one sender owes: when it is due, and how it stands. In time is the first that could be used
WITH owed AS (
    SELECT *
    FROM jsonb_to_recordset(:owed::jsonb) AS o (
        place integer, dataset text, owed_by text, period date, period_end date, since date, due date, starts date
    )
),
landed AS (
    SELECT DISTINCT * FROM jsonb_to_recordset(:landed::jsonb) AS l (dataset text, sender text, period date)
),
begun AS (
    SELECT d.dataset, min(d.period) AS period FROM lineage.delivery AS d WHERE d.status = 'mottagen' GROUP BY d.dataset
),
line_begun AS (
    SELECT min(b.period) AS period
    FROM begun AS b
    WHERE b.dataset = 'anordnare' OR b.dataset IN (SELECT o.dataset FROM owed AS o WHERE o.owed_by = 'anordnare')
),
debt AS (
    SELECT o.*, p.orgnr AS sender, p.namn AS name, p.epost AS email
    FROM owed AS o
    JOIN core.provider(clock_timestamp()) AS p
        ON p.auktoriserad_fran <= o.period_end AND coalesce(p.auktoriserad_till, 'infinity') >= o.since
    WHERE o.owed_by = 'anordnare' AND o.period >= coalesce(o.starts, (SELECT l.period FROM line_begun AS l))
    UNION ALL
    SELECT o.*, :kommun_orgnr, :kommun_namn, NULL
    FROM owed AS o
    LEFT JOIN begun AS b ON b.dataset = o.dataset
    WHERE o.owed_by = 'kommunen' AND o.period >= coalesce(o.starts, b.period)
),
came AS (
    SELECT
        t.dataset, t.sender, t.period,
        min(d.received_at) FILTER (WHERE d.status = 'mottagen' AND u.is_usable) AS received_at,
        bool_or(d.status = 'landad') AS is_unread,
        bool_or(d.status = 'avvisad' OR (d.status = 'mottagen' AND NOT u.is_usable)) AS is_refused
    FROM debt AS t
    JOIN lineage.delivery AS d
        ON d.dataset = t.dataset AND d.sender = t.sender AND d.period BETWEEN t.since AND t.period
    -- Nothing but quarantine is no delivery; a file without rows says that there is nothing to report.
    CROSS JOIN LATERAL (SELECT d.rows_in = 0 OR d.rows_loaded + d.rows_unchanged > 0 AS is_usable) AS u
    GROUP BY t.dataset, t.sender, t.period
),
reminded AS (
    SELECT r.sender, o.dataset, o.period, max(r.day) AS day
    FROM lineage.reminder AS r
    CROSS JOIN jsonb_to_recordset(r.owed) AS o (dataset text, period date)
    WHERE r.sent_at IS NOT NULL
    GROUP BY r.sender, o.dataset, o.period
)
SELECT
    t.sender, t.name, t.email, t.dataset, t.period, t.due, c.received_at, r.day AS reminded_on,
    CASE
        WHEN (c.received_at AT TIME ZONE 'Europe/Stockholm')::date <= t.due THEN 'i_tid'
        WHEN c.received_at IS NOT NULL THEN 'sen'
        WHEN c.is_unread OR EXISTS (
            SELECT FROM landed AS l
            WHERE l.dataset = t.dataset AND l.sender = t.sender AND l.period BETWEEN t.since AND t.period
        ) THEN 'olast'
        WHEN c.is_refused THEN 'avvisad'
        WHEN :today::date <= t.due THEN 'vantas'
        ELSE 'saknas'
    END AS state
FROM debt AS t
LEFT JOIN came AS c ON (c.dataset, c.sender, c.period) = (t.dataset, t.sender, t.period)
LEFT JOIN reminded AS r ON (r.dataset, r.sender, r.period) = (t.dataset, t.sender, t.period)
ORDER BY t.name, t.sender, t.period, t.place;
