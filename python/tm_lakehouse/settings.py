"""What the environment decides: every name that differs between one deployment and another."""

import os
from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from tm_lakehouse.cost.prices import DOLLARS_PER_DPU_HOUR, DOLLARS_PER_TIB_SCANNED
from tm_lakehouse.errors import LakehouseError


class Settings(BaseSettings):
    """The `TM_*` variables of one deployment, read once.

    Terraform's output `environment` names all of them; a Glue job receives them as job arguments.
    """

    model_config = SettingsConfigDict(env_prefix="TM_", frozen=True, extra="ignore")

    env: str = "local"
    bucket_landing: str
    bucket_source: str
    bucket_serve: str
    bucket_quarantine: str
    bucket_observability: str
    iceberg_catalog_type: str = "glue"
    iceberg_warehouse_silver: str
    iceberg_warehouse_gold: str
    db_silver: str = "silver"
    db_gold: str = "gold"
    db_gold_build: str = "gold_build"
    db_observability: str = "observability"
    athena_workgroup: str
    athena_results: str
    glue_job_silver: str
    glue_job_maintenance: str = Field(default="", description="Only `maintain run` needs it.")
    glue_job_parity: str = Field(default="", description="Only `parity` needs it.")
    table_optimizer_role: str = Field(default="", description="ARN; only `maintain enable` needs it.")
    glue_job_geometry: str = Field(default="", description="Empty: the geometry job isn't enabled.")
    metric_namespace: str = Field(default="", description="CloudWatch namespace of the lake's metrics; empty: none.")
    airflow_environment: str = Field(default="", description="Empty: no Airflow conducts the pipeline.")
    price_athena_tib: float = Field(default=DOLLARS_PER_TIB_SCANNED, ge=0, description="Dollars.")
    price_glue_dpu_hour: float = Field(default=DOLLARS_PER_DPU_HOUR, ge=0, description="Dollars.")
    coord_min_lon: float = Field(default=-180, ge=-180, le=180)
    coord_max_lon: float = Field(default=180, ge=-180, le=180)
    coord_min_lat: float = Field(default=-90, ge=-90, le=90)
    coord_max_lat: float = Field(default=90, ge=-90, le=90)
    strict_course_match: bool = False
    topology_min_fixes_per_section: int = Field(default=25, ge=1)
    data_source: Literal["file", "api"] = "file"
    api_base_url: str = Field(default="", description="Only `ingest` needs it and the next two.")
    api_timeout: float = Field(default=30, gt=0, description="Seconds that the API may stay silent.")
    api_secret: str = Field(default="", description="Name or ARN of the Secrets Manager secret that holds the API key.")

    @classmethod
    def from_environment(cls, overrides: Mapping[str, str] | None = None) -> Self:
        """Read the process environment; `overrides` (by variable name) win over it.

        Raises:
            LakehouseError: a variable is missing or has no readable value; the reason names it.
        """
        values = {
            name.removeprefix("TM_").lower(): value
            for name, value in (overrides or {}).items()
            if name.startswith("TM_")
        }
        try:
            return cls(**values)  # type: ignore[arg-type]
        except ValidationError as error:
            raise LakehouseError(_explain(error), _next_step()) from None


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    variable = "TM_" + str(first["loc"][0]).upper()
    if first["type"] == "missing":
        return f"{variable} is not set, so this deployment is not known."
    return f"{variable}={first['input']!r} is not usable: {first['msg']}."


def _next_step() -> str:
    target = os.environ.get("TM_TARGET", "local")
    return f"Run `make apply ENV={target}`, or set the variable as `terraform output environment` shows it."
