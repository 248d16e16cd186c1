{{ config(key=['device']) }}

SELECT
    device,
    sum(fixes) AS fix_count,
    count(DISTINCT course_id) AS courses,
    min(first_fix_ts) AS first_seen_ts,
    max(last_fix_ts) AS last_seen_ts,
    min(min_battery_pct) AS min_battery_pct,
    {{ mean_of_sums('battery') }} AS avg_battery_pct,
    max(max_battery_pct) AS max_battery_pct
FROM {{ ref('round_hours') }}
WHERE device IS NOT NULL
GROUP BY device
