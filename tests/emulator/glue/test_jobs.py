"""Job definitions come back as they were given: what Terraform's second plan compares."""

import pytest
from botocore.exceptions import ClientError

SCRIPT = "print('done')"


def test_job_comes_back_as_given_and_updates_replace_it(client, make_job, role):
    glue = client("glue")
    arguments = {"--datalake-formats": "iceberg"}
    name = make_job(SCRIPT, DefaultArguments=arguments, Timeout=60, ExecutionProperty={"MaxConcurrentRuns": 10})
    job = glue.get_job(JobName=name)["Job"]
    update = {"Role": role, "Command": job["Command"], "GlueVersion": "5.1", "Timeout": 5}
    glue.update_job(JobName=name, JobUpdate=update)
    updated = glue.get_job(JobName=name)["Job"]

    assert job["DefaultArguments"] == arguments
    assert (job["Timeout"], job["MaxCapacity"], job["WorkerType"]) == (60, 2.0, "G.1X")
    assert job["ExecutionProperty"] == {"MaxConcurrentRuns": 10}
    assert updated["Timeout"] == 5
    assert "DefaultArguments" not in updated
    assert updated["ExecutionProperty"] == {"MaxConcurrentRuns": 1}
    assert updated["CreatedOn"] == job["CreatedOn"]


def test_tags_are_kept_until_the_job_is_deleted(client, make_job):
    glue, identity = client("glue"), client("sts").get_caller_identity()
    name = make_job(SCRIPT, Tags={"team": "data"})
    arn = f"arn:aws:glue:{glue.meta.region_name}:{identity['Account']}:job/{name}"
    glue.tag_resource(ResourceArn=arn, TagsToAdd={"zone": "silver"})

    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"team": "data", "zone": "silver"}
    assert glue.list_jobs(Tags={"team": "data", "zone": "silver"})["JobNames"] == [name]
    glue.delete_job(JobName=name)
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_job(JobName=name)


def test_jobs_are_listed_in_pages(client, make_job):
    glue = client("glue")
    names = {make_job(SCRIPT) for _ in range(3)}
    pages = list(glue.get_paginator("get_jobs").paginate(PaginationConfig={"PageSize": 2}))

    assert all(len(page["Jobs"]) <= 2 for page in pages)
    assert names <= {job["Name"] for page in pages for job in page["Jobs"]}
    found = glue.batch_get_jobs(JobNames=[*sorted(names), "no-such-job"])
    assert {job["Name"] for job in found["Jobs"]} == names
    assert found["JobsNotFound"] == ["no-such-job"]


def test_unsound_definitions_are_refused(client, make_job, role):
    glue, name = client("glue"), make_job(SCRIPT)
    command = {"Name": "glueetl", "ScriptLocation": "s3://nowhere/script.py"}

    with pytest.raises(glue.exceptions.AlreadyExistsException):
        glue.create_job(Name=name, Role=role, Command=command)
    with pytest.raises(glue.exceptions.InvalidInputException):
        glue.create_job(Name=f"{name}-2", Role=role, Command=command, WorkerType="G.1X", MaxCapacity=2.0)
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.update_job(JobName="no-such-job", JobUpdate={"Role": role, "Command": command})
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_job_bookmark(JobName=name)


def test_what_the_local_runtime_cannot_run_is_refused_at_once(client, role, unique):
    glue, name = client("glue"), unique("job")
    etl = {"Name": "glueetl", "ScriptLocation": "s3://nowhere/script.py"}

    for definition in ({"Command": {**etl, "Name": "pythonshell"}}, {"Command": etl, "GlueVersion": "3.0"}):
        with pytest.raises(ClientError, match="does not carry out"):
            glue.create_job(Name=name, Role=role, **definition)
    assert name not in glue.list_jobs()["JobNames"]
