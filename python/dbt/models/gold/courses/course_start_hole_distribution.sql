{{ config(key=['course_id', 'start_hole']) }}

WITH starts AS (
    SELECT
        course_id,
        start_hole,
        count(*) AS rounds_with_this_start,
        count_if(is_complete) AS complete_rounds_with_this_start,
        min(start_section) AS min_start_section,
        max(start_section) AS max_start_section,
        min(first_tee_section_number) AS min_first_tee_section_number,
        max(first_tee_section_number) AS max_first_tee_section_number
    FROM {{ ref('fact_rounds') }}
    GROUP BY course_id, start_hole
),

totals AS (
    SELECT
        course_id,
        sum(rounds_with_this_start) AS total_rounds,
        sum(complete_rounds_with_this_start) AS total_complete_rounds,
        count(start_hole) AS distinct_start_holes
    FROM starts
    GROUP BY course_id
)

SELECT
    starts.course_id,
    starts.start_hole,
    starts.rounds_with_this_start,
    starts.complete_rounds_with_this_start,
    totals.total_rounds,
    totals.total_complete_rounds,
    totals.distinct_start_holes,
    {{ pct('starts.rounds_with_this_start', 'totals.total_rounds') }} AS pct_rounds_with_this_start,
    {{ pct('starts.complete_rounds_with_this_start', 'totals.total_complete_rounds') }}
        AS pct_complete_rounds_with_this_start,
    starts.min_start_section,
    starts.max_start_section,
    starts.min_first_tee_section_number,
    starts.max_first_tee_section_number
FROM starts
INNER JOIN totals ON starts.course_id = totals.course_id
