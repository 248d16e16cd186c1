SELECT
    course_id,
    round_id,
    {%- for column, is_missing in quality_columns().items() %}
    count_if({{ is_missing }}) AS missing_{{ column }},
    {%- endfor %}
    count(*) AS fix_count
FROM {{ ref('real_events') }}
GROUP BY course_id, round_id
