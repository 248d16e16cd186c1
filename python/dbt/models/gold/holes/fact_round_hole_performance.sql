{{ config(refresh='changed_rounds', meta={'layer': 'rounds'}) }}

WITH holes AS (
    SELECT
        course_id,
        round_id,
        nine_number,
        loop_number,
        hole_number,
        min(ingest_date) AS ingest_date,
        min(fix_timestamp) AS hole_start_time,
        max(fix_timestamp) AS hole_end_time,
        count(*) AS fix_count,
        {{ mean('pace') }} AS avg_pace_sec,
        max(pace) AS max_pace_sec,
        {{ mean('pace_gap') }} AS avg_pace_gap_sec
    FROM {{ ref('real_events') }} AS events
    WHERE
        hole_number IS NOT NULL
        AND {{ in_scope('events', this) }}
    GROUP BY course_id, round_id, nine_number, loop_number, hole_number
)

SELECT
    holes.course_id,
    holes.round_id,
    holes.nine_number,
    holes.loop_number,
    holes.hole_number,
    holes.ingest_date,
    holes.hole_start_time,
    holes.hole_end_time,
    {{ seconds_between('holes.hole_start_time', 'holes.hole_end_time') }} AS duration_sec,
    holes.fix_count,
    holes.avg_pace_sec,
    holes.max_pace_sec,
    holes.avg_pace_gap_sec,
    rounds.is_complete AS round_was_completed,
    topology.unit_name AS course_unit
FROM holes
LEFT JOIN {{ ref('fact_rounds') }} AS rounds
    ON holes.course_id = rounds.course_id AND holes.round_id = rounds.round_id
LEFT JOIN {{ source('silver', 'dim_facility_topology') }} AS topology
    ON holes.course_id = topology.facility_id AND holes.nine_number = topology.nine_number
