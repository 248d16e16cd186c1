{# Percentage 0..100 with two decimals, in double: `100.0 * n / m` would be a DECIMAL of scale 1. NULL of nothing. #}
{% macro pct(part, whole) -%}
round(100e0 * ({{ part }}) / nullif({{ whole }}, 0), 2)
{%- endmacro %}

{# Share 0..1 with four decimals. NULL of nothing. #}
{% macro rate(part, whole) -%}
round(1e0 * ({{ part }}) / nullif({{ whole }}, 0), 4)
{%- endmacro %}

{# Mean with three decimals. Summed as a decimal: a sum of doubles differs from run to run with the order of its rows. #}
{% macro mean(value) -%}
cast(avg(try_cast({{ value }} AS decimal(38, 3))) AS double)
{%- endmacro %}

{# The same mean from the sums and counts that `round_hours` keeps of a measure. #}
{% macro mean_of_sums(measure) -%}
cast(sum({{ measure }}_sum) / nullif(sum({{ measure }}_count), 0) AS double)
{%- endmacro %}
