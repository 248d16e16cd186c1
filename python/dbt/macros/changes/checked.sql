{#
    Which rows a test looks at. What a build doesn't make anew was tested by the build that made it, so a test whose cost
    would grow with the history looks at the changed part only; `--full-refresh` tests everything.
      changed_rows     rows of the changed deliveries: enough for what a row says of itself
      changed_rounds   all rows of the rounds in them, under whichever delivery: for keys
#}
{% macro checked(only, alias, has_event_date=false) %}
    {%- if only is none -%}
        true
    {%- elif only == 'changed_rows' -%}
        {{ scope_condition(build_scope(), alias, has_event_date) }}
    {%- elif only == 'changed_rounds' -%}
        {{ in_changed_rounds(build_scope(), ref('changed_rounds'), alias, has_event_date) }}
    {%- else -%}
        {%- do exceptions.raise_compiler_error('`only` is changed_rows or changed_rounds, not ' ~ only ~ '.') -%}
    {%- endif -%}
{% endmacro %}

{# `rounds` is looked up by the caller, whatever the scope: dbt learns of dependencies before it knows the scope. #}
{% macro in_changed_rounds(scope, rounds, alias, has_event_date) %}
    {%- if scope.whole -%}
        true
    {%- elif scope.empty -%}
        false
    {%- else -%}
        ({{ alias }}.course_id, {{ alias }}.round_id) IN (SELECT course_id, round_id FROM {{ rounds }})
        {%- if has_event_date and not scope.whole_courses %}
        AND {{ in_event_dates(scope, alias) }}
        {%- endif %}
    {%- endif -%}
{% endmacro %}
