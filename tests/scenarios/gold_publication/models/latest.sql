{{ config(materialized='view') }}

SELECT max(fixes) AS fixes
FROM {{ ref('rounds') }}
