SELECT
    course_id,
    round_id,
    fix_count,
    projected_fix_count,
    problem_fix_count,
    projected_rate,
    problem_rate
FROM {{ ref('fact_rounds') }}
