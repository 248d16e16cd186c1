"""The command says how to enable the optional job, and starts nothing where it isn't."""

import pytest


@pytest.mark.parametrize("arguments", [[], ["--dry-run"], ["--course-id", "erinhills"]])
def test_without_the_job_the_value_that_enables_it_is_named(refused, lakehouse_variables, stopped_aws, arguments):
    error = refused("geometry", *arguments, **lakehouse_variables)

    assert "The geometry job is not enabled in local" in error
    assert "geometry_job = {} in terraform/environments/local/terraform.tfvars" in " ".join(error.split())
