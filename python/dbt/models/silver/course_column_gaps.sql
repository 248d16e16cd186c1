SELECT
    course_id,
    {%- for column in quality_columns() %}
    sum(missing_{{ column }}) AS missing_{{ column }},
    {%- endfor %}
    sum(fix_count) AS fix_count,
    count(*) AS total_rounds
FROM {{ ref('round_column_gaps') }}
GROUP BY course_id
