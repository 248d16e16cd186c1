{# The measures that one course and the whole lake share, over rows of `fact_rounds`. #}
{% macro round_totals() -%}
count(*) AS rounds,
        sum(fix_count) AS fixes,
        count(DISTINCT device) AS devices,
        sum(problem_fix_count) AS problem_fixes,
        count_if(is_complete) AS complete_rounds,
        count_if(is_nine_hole) AS nine_hole_rounds,
        count_if(is_secondary) AS secondary_rounds,
        count_if(is_auto_assigned) AS auto_assigned_rounds,
        min(round_date) AS first_round_date,
        max(round_date) AS last_round_date
{%- endmacro %}

{# Those measures with their percentages, from the alias `totals`. #}
{% macro round_totals_with_pct() -%}
totals.rounds,
    totals.fixes,
    totals.devices,
    totals.problem_fixes,
    {{ pct('totals.problem_fixes', 'totals.fixes') }} AS pct_problem_fixes,
    {%- for kind in ['complete', 'nine_hole', 'secondary', 'auto_assigned'] %}
    totals.{{ kind }}_rounds,
    {{ pct('totals.' ~ kind ~ '_rounds', 'totals.rounds') }} AS pct_{{ kind }}_rounds,
    {%- endfor %}
    totals.first_round_date,
    totals.last_round_date
{%- endmacro %}
