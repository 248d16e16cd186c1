SELECT cast(sum(fixes) AS integer) + {{ env_var('TM_TEST_DEFECT', '0') }} AS fixes
FROM {{ ref('rounds') }}
