{{ config(key=['course_id']) }}

WITH courses AS (
    SELECT
        course_id,
        count(*) AS total_rounds,
        max(max_section_number) AS max_section_seen,
        max(holes_played) AS max_holes_in_round,
        count_if(is_complete) AS complete_rounds,
        count_if(is_incomplete) AS incomplete_rounds,
        count_if(is_nine_hole) AS nine_hole_rounds,
        count_if(NOT is_nine_hole) AS full_rounds,
        count(DISTINCT start_hole) AS unique_start_holes,
        count_if(start_hole <> 1) AS shotgun_starts,
        count_if(nines_played = 1) AS single_nines,
        count_if(nines_played = 2) AS two_nines,
        count_if(nines_played >= 3) AS three_nines,
        {{ mean('fix_count') }} AS avg_locations_per_round,
        min(fix_count) AS min_locations_per_round,
        max(fix_count) AS max_locations_per_round
    FROM {{ ref('fact_rounds') }}
    GROUP BY course_id
),

topology AS (
    SELECT
        facility_id,
        CASE count(*) WHEN 1 THEN '9-hole' WHEN 2 THEN '18-hole' ELSE '27-hole' END AS topology_course_type
    FROM {{ source('silver', 'dim_facility_topology') }}
    GROUP BY facility_id
),

typed_courses AS (
    SELECT
        courses.*,
        topology.topology_course_type,
        CASE
            WHEN courses.max_section_seen > 54 THEN '27-hole'
            WHEN courses.max_section_seen > 27 THEN '18-hole'
            ELSE '9-hole'
        END AS likely_course_type
    FROM courses
    LEFT JOIN topology ON courses.course_id = topology.facility_id
)

SELECT
    course_id,
    total_rounds,
    likely_course_type,
    topology_course_type,
    max_section_seen,
    max_holes_in_round,
    {{ pct('complete_rounds', 'total_rounds') }} AS pct_complete,
    {{ pct('incomplete_rounds', 'total_rounds') }} AS pct_incomplete,
    {{ pct('nine_hole_rounds', 'total_rounds') }} AS pct_nine_hole,
    {{ pct('full_rounds', 'total_rounds') }} AS pct_full_rounds,
    unique_start_holes,
    {{ pct('shotgun_starts', 'total_rounds') }} AS pct_shotgun_starts,
    {{ pct('single_nines', 'total_rounds') }} AS pct_single_nine,
    {{ pct('two_nines', 'total_rounds') }} AS pct_two_nines,
    CASE WHEN likely_course_type = '27-hole' THEN {{ pct('three_nines', 'total_rounds') }} END AS pct_all_three_nines,
    avg_locations_per_round,
    min_locations_per_round,
    max_locations_per_round,
    10 * unique_start_holes
    + CASE likely_course_type WHEN '27-hole' THEN 30 WHEN '18-hole' THEN 20 ELSE 10 END
    + CASE WHEN 5 * nine_hole_rounds > total_rounds THEN 10 ELSE 0 END
    + CASE WHEN 10 * incomplete_rounds > total_rounds THEN 5 ELSE 0 END AS course_complexity_score
FROM typed_courses
