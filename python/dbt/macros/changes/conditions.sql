{# The longest list that a condition spells out; beyond it the first and last value must do. #}
{% macro longest_list() %}{{ return(100) }}{% endmacro %}

{#
    The rows of Silver, or of a table of Gold by round, that this build makes anew. The lists let the engine leave out
    partitions and files before it reads them; the pairs themselves decide.
    `target`: the by-round table that the model fills; its MERGE takes over what is told here, from the comment.
#}
{% macro in_scope(alias, target=none, has_event_date=true) %}
    {%- set scope = build_scope(target) -%}
    {%- if target is not none %}/* scope: {{ tojson(scope) }} */ {% endif -%}
    {{ scope_condition(scope, alias, has_event_date) }}
{%- endmacro %}

{% macro scope_condition(scope, alias, has_event_date) %}
    {%- if scope.whole -%}
        true
    {%- elif scope.empty -%}
        false
    {%- else -%}
        (
            {{ alias }}.ingest_date {{ among_dates(scope.dates) }}
            {%- if scope.courses | length <= longest_list() %}
            AND {{ alias }}.course_id {{ among_texts(scope.courses) }}
            {%- endif %}
            {%- if has_event_date %}
            AND {{ in_event_dates(scope, alias) }}
            {%- endif %}
            AND ({{ alias }}.course_id, {{ alias }}.ingest_date) IN (
                SELECT course_id, ingest_date FROM {{ ref('changed_inputs') }} WHERE kind = 'silver_run'
            )
            {%- if scope.whole_courses %}
            OR {{ alias }}.course_id {{ among_texts(scope.whole_courses) }}
            {%- endif %}
        )
    {%- endif -%}
{%- endmacro %}

{# Where the changed deliveries' rows lie in time, month by month: one device with a wrong clock opens one more month. #}
{% macro in_event_dates(scope, alias) %}
    {%- if scope.months is none -%}
        true
    {%- elif not scope.months -%}
        {{ alias }}.event_date IS NULL
    {%- elif scope.months | length > longest_list() -%}
        ({{ alias }}.event_date IS NULL OR {{ alias }}.event_date BETWEEN {{ as_date(scope.first_date) }} AND {{ as_date(scope.last_date) }})
    {%- else -%}
        (
            {{ alias }}.event_date IS NULL
            {%- for month in scope.months %}
            OR {{ alias }}.event_date BETWEEN {{ as_date([month, scope.first_date] | max) }}
                AND {{ as_date([last_day_of(month), scope.last_date] | min) }}
            {%- endfor %}
        )
    {%- endif -%}
{%- endmacro %}

{% macro last_day_of(month) %}
    {%- set first = modules.datetime.date.fromisoformat(month) -%}
    {%- set next = (first + modules.datetime.timedelta(days=31)).replace(day=1) -%}
    {{ return((next - modules.datetime.timedelta(days=1)).isoformat()) }}
{% endmacro %}

{% macro as_date(text) -%}
DATE '{{ text }}'
{%- endmacro %}

{% macro among_dates(dates) -%}
    {%- if not dates -%}
        IN (NULL)
    {%- elif dates | length > longest_list() -%}
        BETWEEN {{ as_date(dates | min) }} AND {{ as_date(dates | max) }}
    {%- else -%}
        IN (DATE '{{ dates | sort | join("', DATE '") }}')
    {%- endif -%}
{%- endmacro %}

{% macro among_texts(values) -%}
    {%- if values -%}
        IN ('{{ values | sort | map('replace', "'", "''") | join("', '") }}')
    {%- else -%}
        IN (NULL)
    {%- endif -%}
{%- endmacro %}

{# Tells one version of the code that makes Gold by round from another: its models, and what its macros write. #}
{% macro code_version() %}
    {%- set parts = [
        pct('part', 'whole'), rate('part', 'whole'), mean('value'), local_time('utc', 'zone'),
        seconds_between('earlier', 'later'), tojson(quality_columns()),
    ] -%}
    {%- for node in graph.nodes.values() | sort(attribute='unique_id')
        if node.resource_type == 'model' and node.config.get('refresh') == 'changed_rounds' or node.name == 'real_events' -%}
        {%- do parts.append(node.checksum.checksum) -%}
    {%- endfor -%}
    {{ return(local_md5(parts | join('|'))) }}
{% endmacro %}

{#
    Whether this command, with the commands before it in the same run, builds every table that is kept by changed rounds:
    only then are the inputs done with. Whoever runs it layer by layer tells what it built before in TM_GOLD_BUILT.
#}
{% macro builds_all_rounds() %}
    {%- set left_out = [] -%}
    {%- set built_before = env_var('TM_GOLD_BUILT', '').split(',') -%}
    {%- for node in (graph.nodes.values() if execute else [])
        if (node.config.get('refresh') == 'changed_rounds' or node.name in ['changed_inputs', 'changed_rounds'])
        and node.unique_id not in selected_resources and node.name not in built_before -%}
        {%- do left_out.append(node.name) -%}
    {%- endfor -%}
    {{ return(not left_out) }}
{% endmacro %}

{# The inputs that Gold holds; none before the first build. Not a `ref`: the table is written last, of what it tells first. #}
{% macro consumed_inputs() %}
    {{ return(adapter.get_relation(this.database, this.schema, 'consumed_inputs') if execute else none) }}
{% endmacro %}
