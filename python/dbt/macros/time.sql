{# A UTC timestamp as the wall clock of a time zone showed it; without a zone it stays UTC. #}
{% macro local_time(utc, time_zone) -%}
cast(at_timezone(with_timezone({{ utc }}, 'UTC'), coalesce({{ time_zone }}, 'UTC')) AS timestamp(6))
{%- endmacro %}

{# Seconds between two timestamps, to the millisecond. #}
{% macro seconds_between(earlier, later) -%}
date_diff('millisecond', {{ earlier }}, {{ later }}) / 1e3
{%- endmacro %}

{% macro missing_time() -%}
'Unknown (missing timestamp)'
{%- endmacro %}
