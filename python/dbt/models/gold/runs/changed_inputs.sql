{{ config(key=['input_key'], meta={'layer': 'inputs'}) }}

{%- set held = consumed_inputs() %}
WITH inputs AS (
    SELECT
        'code' AS input_key,
        'code' AS kind,
        '{{ code_version() if execute }}' AS input_version,
        cast(NULL AS varchar) AS course_id,
        cast(NULL AS date) AS ingest_date,
        cast(NULL AS date) AS first_event_date,
        cast(NULL AS date) AS last_event_date,
        cast(NULL AS bigint) AS rows_without_event_date
    UNION ALL
    SELECT
        'silver_run/' || course_id || '/' || ingest_date || '/' || run_id AS input_key,
        'silver_run' AS kind,
        run_id AS input_version,
        course_id,
        cast(ingest_date AS date) AS ingest_date,
        cast(first_event_date AS date) AS first_event_date,
        cast(last_event_date AS date) AS last_event_date,
        rows_without_event_date
    FROM {{ source('observability', 'silver_run_summaries') }}
    UNION ALL
    SELECT
        'time_zone/' || course_id AS input_key,
        'time_zone' AS kind,
        time_zone AS input_version,
        course_id,
        NULL AS ingest_date,
        NULL AS first_event_date,
        NULL AS last_event_date,
        NULL AS rows_without_event_date
    FROM {{ source('silver', 'dim_course_profile') }}
    UNION ALL
    SELECT
        'topology/' || facility_id AS input_key,
        'topology' AS kind,
        array_join(
            array_agg(cast(nine_number AS varchar) || ' ' || unit_name ORDER BY nine_number), ', '
        ) AS input_version,
        facility_id AS course_id,
        NULL AS ingest_date,
        NULL AS first_event_date,
        NULL AS last_event_date,
        NULL AS rows_without_event_date
    FROM {{ source('silver', 'dim_facility_topology') }}
    GROUP BY facility_id
),

consumed AS (
    SELECT * FROM {{ held or 'inputs' }}
    {%- if not held %}
    WHERE 1 = 0
    {%- endif %}
)

SELECT
    input_key,
    coalesce(inputs.kind, consumed.kind) AS kind,
    inputs.input_version,
    coalesce(inputs.course_id, consumed.course_id) AS course_id,
    coalesce(inputs.ingest_date, consumed.ingest_date) AS ingest_date,
    inputs.first_event_date,
    inputs.last_event_date,
    inputs.rows_without_event_date
FROM inputs
FULL OUTER JOIN consumed USING (input_key)
WHERE
    inputs.input_version IS DISTINCT FROM consumed.input_version
    AND (inputs.kind IS NOT NULL OR consumed.kind <> 'silver_run')
