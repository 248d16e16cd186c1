SELECT
    device,
    count(*) AS fix_count,
    count(DISTINCT course_id) AS courses,
    min(fix_timestamp) AS first_seen_ts,
    max(fix_timestamp) AS last_seen_ts,
    min(battery_percentage) AS min_battery_pct,
    {{ mean('battery_percentage') }} AS avg_battery_pct,
    max(battery_percentage) AS max_battery_pct
FROM {{ ref('real_events') }}
WHERE device IS NOT NULL
GROUP BY device
