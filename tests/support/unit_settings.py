"""A deployment that exists nowhere: what units are given where they want one."""

from tm_lakehouse.settings import Settings

PLACES = ("landing", "source", "serve", "quarantine", "observability")
SETTINGS = Settings(
    **{f"bucket_{place}": place for place in PLACES},
    iceberg_warehouse_silver="s3://source/warehouse",
    iceberg_warehouse_gold="s3://serve/warehouse",
    athena_workgroup="dbt",
    athena_results="s3://observability/results/",
    glue_job_silver="silver",
)
