{#
    What of Gold this build has to make anew, as one query tells:
      whole    everything: no earlier build, other code, `--full-refresh`, or the table itself is missing or has other
               columns; then nothing else is told
      empty    nothing
      courses, dates, months, first_date, last_date   where the rows of the changed deliveries lie in Silver; null where
               they could lie anywhere
      whole_courses   courses of which everything is to be made anew
      held_dates      ingest dates under which `target` holds rounds that are to be replaced
    `target` is a table with a row or more per round, or none. Its rounds are looked up by id too: a round that came again
    may lie in the table under a date that no summary tells of, where a run was killed after its commit.
#}
{% macro build_scope(target=none, rounds=none) %}
    {%- set inputs = ref('changed_inputs') -%}
    {%- if not execute or flags.FULL_REFRESH or (target is not none and not has_model_columns(target)) -%}
        {{ return({'whole': true}) }}
    {%- endif -%}
    {%- if adapter.get_relation(inputs.database, inputs.schema, inputs.identifier) is none -%}
        {{ return({'whole': true}) }}
    {%- endif -%}
    {%- set told = run_query(scope_query(inputs, target, rounds)).rows[0] -%}
    {%- if told['code_changes'] | int > 0 -%}
        {{ return({'whole': true}) }}
    {%- endif -%}
    {%- set is_bounded = told['unbounded'] | int == 0 -%}
    {{ return({
        'whole': false,
        'empty': told['changes'] | int == 0,
        'courses': texts(told['courses']),
        'dates': texts(told['dates']),
        'months': texts(told['months']) if is_bounded else none,
        'first_date': told['first_date'],
        'last_date': told['last_date'],
        'whole_courses': texts(told['whole_courses']),
        'held_dates': texts(told['held_dates']) if target is not none else none,
    }) }}
{% endmacro %}

{% macro texts(joined) %}
    {{ return(joined.split(',') if joined else []) }}
{% endmacro %}

{# Whether the table is there, with the columns that the model describes. #}
{% macro has_model_columns(relation) %}
    {%- set there = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
    {{ return(there | sort == model.columns.keys() | sort) }}
{% endmacro %}

{% macro scope_query(inputs, target, rounds) %}
WITH inputs AS (
    SELECT * FROM {{ inputs }}
),

runs AS (
    SELECT * FROM inputs WHERE kind = 'silver_run'
),

whole_courses AS (
    SELECT course_id FROM inputs WHERE kind IN ('time_zone', 'topology')
),

months AS (
    SELECT DISTINCT month_start
    FROM runs
    CROSS JOIN UNNEST(
        sequence(
            date_trunc('month', first_event_date), date_trunc('month', last_event_date), INTERVAL '1' MONTH
        )
    ) AS spans (month_start)
)
{%- if target is not none %},

held_dates AS (
    SELECT ingest_date FROM runs
    UNION
    SELECT ingest_date
    FROM {{ target }}
    WHERE (course_id, round_id) IN (SELECT course_id, round_id FROM {{ rounds }})
)
{%- endif %}

SELECT
    (SELECT count(*) FROM inputs) AS changes,
    (SELECT count_if(kind = 'code') FROM inputs) AS code_changes,
    (SELECT count_if(rows_without_event_date IS NULL) FROM runs) AS unbounded,
    (SELECT cast(min(first_event_date) AS varchar) FROM runs) AS first_date,
    (SELECT cast(max(last_event_date) AS varchar) FROM runs) AS last_date,
    (SELECT array_join(array_agg(DISTINCT course_id), ',') FROM runs) AS courses,
    (SELECT array_join(array_agg(DISTINCT cast(ingest_date AS varchar)), ',') FROM runs) AS dates,
    (SELECT array_join(array_agg(cast(month_start AS varchar) ORDER BY month_start), ',') FROM months) AS months,
    (SELECT array_join(array_agg(DISTINCT course_id), ',') FROM whole_courses) AS whole_courses
    {%- if target is not none %},
    (SELECT array_join(array_agg(DISTINCT cast(ingest_date AS varchar)), ',') FROM held_dates) AS held_dates
    {%- endif %}
{% endmacro %}
