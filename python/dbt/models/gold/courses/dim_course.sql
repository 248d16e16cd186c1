{{ config(key=['course_id']) }}

WITH rounds AS (
    SELECT
        course_id,
        sum(fix_count) AS fixes,
        min(round_date) AS first_round_date,
        max(round_date) AS last_round_date,
        nullif(
            array_join(array_sort(array_agg(DISTINCT nullif(least(nines_played, 3) * 9, 0))), ', '), ''
        ) AS playable_round_lengths
    FROM {{ ref('fact_rounds') }}
    GROUP BY course_id
),

units AS (
    SELECT
        facility_id,
        count(*) AS unit_count,
        array_join(array_agg(unit_name ORDER BY nine_number), ', ') AS unit_names
    FROM {{ source('silver', 'dim_facility_topology') }}
    GROUP BY facility_id
)

SELECT
    rounds.course_id,
    coalesce(profiles.course_name, rounds.course_id) AS course_name,
    coalesce(profiles.course_type, configuration.topology_course_type, configuration.likely_course_type)
        AS course_type,
    configuration.likely_course_type,
    configuration.topology_course_type,
    profiles.time_zone,
    profiles.volume_profile,
    profiles.peak_season_start_month,
    profiles.peak_season_end_month,
    coalesce(units.unit_count, 0) AS unit_count,
    units.unit_names,
    configuration.total_rounds AS rounds,
    rounds.fixes,
    rounds.first_round_date,
    rounds.last_round_date,
    rounds.playable_round_lengths,
    configuration.max_section_seen,
    configuration.unique_start_holes,
    configuration.course_complexity_score,
    quality.data_quality_score,
    gaps.usability_score
FROM rounds
INNER JOIN {{ ref('course_configuration_analysis') }} AS configuration
    ON rounds.course_id = configuration.course_id
LEFT JOIN {{ ref('data_quality_overview') }} AS quality
    ON rounds.course_id = quality.course_id
LEFT JOIN {{ ref('critical_column_gaps') }} AS gaps
    ON rounds.course_id = gaps.course_id
LEFT JOIN {{ source('silver', 'dim_course_profile') }} AS profiles
    ON rounds.course_id = profiles.course_id
LEFT JOIN units
    ON rounds.course_id = units.facility_id
