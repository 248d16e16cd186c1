{{ config(key=['input_key'], refresh='upsert') }}

{%- set tables = [
    'course_configuration_analysis', 'course_rounds_by_month', 'course_rounds_by_weekday',
    'course_start_hole_distribution', 'critical_column_gaps', 'data_quality_overview', 'device_health_errors',
    'dim_course', 'dim_device', 'fact_round_hole_performance', 'fact_rounds', 'global_course_summary',
    'global_overview', 'global_time_patterns', 'gold_coverage_audit', 'pace_gap_statistics', 'pace_summary_by_round',
    'round_column_gaps', 'round_hours', 'signal_quality_rounds', 'telemetry_completeness_summary',
] %}
{%- for table in tables %}
-- depends_on: {{ ref(table) }}
{%- endfor %}
SELECT
    input_key,
    kind,
    input_version,
    course_id,
    ingest_date
FROM {{ ref('changed_inputs') }}
WHERE {{ 'true' if builds_all_rounds() else 'false' }}
