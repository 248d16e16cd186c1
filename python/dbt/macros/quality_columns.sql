{# What Gold watches for gaps: name -> the condition under which a fix lacks it. #}
{% macro quality_columns() %}
    {{ return({
        'pace': 'pace IS NULL',
        'pace_gap': 'pace_gap IS NULL',
        'positional_gap': 'positional_gap IS NULL',
        'goal_time': 'goal_time IS NULL',
        'coordinates': 'longitude IS NULL OR latitude IS NULL',
        'fix_timestamp': 'fix_timestamp IS NULL',
        'hole_number': 'hole_number IS NULL',
        'section_number': 'section_number IS NULL',
        'hole_section': 'hole_section IS NULL',
        'nine_number': 'nine_number IS NULL',
        'current_nine': 'current_nine IS NULL',
        'battery': 'battery_percentage IS NULL',
        'is_cache': 'is_cache IS NULL',
        'is_projected': 'is_projected IS NULL',
        'is_problem': 'is_problem IS NULL',
        'start_hole': 'start_hole IS NULL',
        'start_section': 'start_section IS NULL',
        'end_section': 'end_section IS NULL',
        'is_nine_hole': 'is_nine_hole IS NULL',
        'is_complete': 'is_complete IS NULL',
    }) }}
{% endmacro %}

{# Percentage of a course's fixes that lack a column, unrounded, from the summed counts of `round_column_gaps`. #}
{% macro gap(column) -%}
100e0 * missing_{{ column }} / fix_count
{%- endmacro %}

{# Mean of such percentages. #}
{% macro mean_gap(columns) -%}
(
    {%- for column in columns -%}
    {{ gap(column) }}{{ ' + ' if not loop.last }}
    {%- endfor -%}
) / {{ columns | length }}
{%- endmacro %}
