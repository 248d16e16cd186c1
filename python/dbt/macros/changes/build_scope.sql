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
{% macro build_scope(target=none) %}
    {%- set inputs = ref('changed_inputs') -%}
    {%- set rounds = ref('changed_rounds') if target is not none else none -%}
    {%- if not execute or flags.FULL_REFRESH or (target is not none and not has_model_columns(target)) -%}
        {{ return({'whole': true}) }}
    {%- endif -%}
    {%- if adapter.get_relation(inputs.database, inputs.schema, inputs.identifier) is none -%}
        {{ return({'whole': true}) }}
    {%- endif -%}
    {%- set scope = told_scope(inputs) -%}
    {%- if target is none or scope.whole or scope.empty -%}
        {{ return(scope) }}
    {%- endif -%}
    {%- set told = run_query(held_dates_query(inputs, target, rounds)).rows[0] -%}
    {{ return(dict(scope, held_dates=texts(told['held_dates']))) }}
{% endmacro %}

{#
    The same for every table and test of one command, so it is asked once: `graph` is the one thing that all nodes of a
    command share. Whoever asks depends on changed_inputs, so it is never asked too early.
#}
{% macro told_scope(inputs) %}
    {%- if 'build_scope' not in graph -%}
        {%- do graph.update({'build_scope': scope_of_row(run_query(scope_query(inputs)).rows[0])}) -%}
    {%- endif -%}
    {{ return(graph['build_scope']) }}
{% endmacro %}

{% macro scope_of_row(told) %}
    {{ return({
        'whole': told['code_changes'] | int > 0,
        'empty': told['changes'] | int == 0,
        'courses': texts(told['courses']),
        'dates': texts(told['dates']),
        'months': texts(told['months']) if told['unbounded'] | int == 0 else none,
        'first_date': told['first_date'],
        'last_date': told['last_date'],
        'whole_courses': texts(told['whole_courses']),
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

{% macro held_dates_query(inputs, target, rounds) %}
SELECT array_join(array_agg(DISTINCT cast(ingest_date AS varchar)), ',') AS held_dates
FROM (
    SELECT ingest_date FROM {{ inputs }}
    UNION
    SELECT ingest_date
    FROM {{ target }}
    WHERE (course_id, round_id) IN (SELECT course_id, round_id FROM {{ rounds }})
) AS held
{% endmacro %}

{% macro scope_query(inputs) %}
WITH runs AS (
    SELECT * FROM {{ inputs }} WHERE kind = 'silver_run'
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

SELECT
    count(*) AS changes,
    count_if(kind = 'code') AS code_changes,
    count_if(kind = 'silver_run' AND rows_without_event_date IS NULL) AS unbounded,
    cast(min(first_event_date) AS varchar) AS first_date,
    cast(max(last_event_date) AS varchar) AS last_date,
    array_join(array_agg(DISTINCT CASE WHEN kind = 'silver_run' THEN course_id END), ',') AS courses,
    array_join(array_agg(DISTINCT cast(ingest_date AS varchar)), ',') AS dates,
    (SELECT array_join(array_agg(cast(month_start AS varchar) ORDER BY month_start), ',') FROM months) AS months,
    array_join(
        array_agg(DISTINCT CASE WHEN kind IN ('time_zone', 'topology') THEN course_id END), ','
    ) AS whole_courses
FROM {{ inputs }}
{% endmacro %}
