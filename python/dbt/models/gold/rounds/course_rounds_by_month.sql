{{ config(key=['course_id', 'month_start']) }}

SELECT
    course_id,
    cast(date_trunc('month', round_date) AS date) AS month_start,
    coalesce(round_month, 0) AS month_number,
    coalesce(date_format(min(round_date), '%M'), {{ missing_time() }}) AS month_name,
    count(*) AS rounds,
    {{ pct('count(*)', 'sum(count(*)) OVER (PARTITION BY course_id)') }} AS pct_total
FROM {{ ref('fact_rounds') }}
GROUP BY course_id, date_trunc('month', round_date), round_month
