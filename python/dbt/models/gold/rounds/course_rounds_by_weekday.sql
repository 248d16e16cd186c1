{{ config(key=['course_id', 'weekday_number']) }}

SELECT
    course_id,
    coalesce(round_weekday, 0) AS weekday_number,
    coalesce(date_format(min(round_date), '%W'), {{ missing_time() }}) AS weekday_name,
    count(*) AS rounds
FROM {{ ref('fact_rounds') }}
GROUP BY course_id, round_weekday
