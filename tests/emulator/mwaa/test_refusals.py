"""What MWAA refuses at once, and what it tells of an environment that can't be created."""

import json

import pytest
from botocore.exceptions import ClientError

KINDS = {
    "requirements.txt": "RequirementsS3Path",
    "startup.sh": "StartupScriptS3Path",
    "plugins.zip": "PluginsS3Path",
}


def refused(call, **request):
    with pytest.raises(ClientError) as caught:
        call(**request)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


@pytest.mark.parametrize(
    ("difference", "reason"),
    [
        ({"AirflowVersion": "1.10.12"}, "1.10.12"),
        ({"EnvironmentClass": "mw1.tiny"}, "mw1.tiny"),
        ({"Schedulers": 1}, "Schedulers"),
        ({"MinWorkers": 5, "MaxWorkers": 2}, "MinWorkers"),
    ],
)
def test_a_definition_that_can_not_be_is_refused(make_trial, mwaa, difference, reason):
    trial = make_trial(**difference)

    code, message = refused(mwaa.create_environment, Name=trial.name, **trial.request)
    assert (code, reason in message) == ("ValidationException", True)
    assert not trial.exists()


def test_two_subnets_that_are_one_are_refused(make_trial, mwaa, network):
    same = {"SubnetIds": network["SubnetIds"][:1] * 2, "SecurityGroupIds": network["SecurityGroupIds"]}
    trial = make_trial(NetworkConfiguration=same)

    assert refused(mwaa.create_environment, Name=trial.name, **trial.request)[0] == "ValidationException"


def test_a_bucket_without_versions_is_refused(make_trial, client, mwaa, unique):
    trial, plain = make_trial(), unique("plain")
    client("s3").create_bucket(Bucket=plain)
    request = trial.request | {"SourceBucketArn": f"arn:aws:s3:::{plain}"}

    code, message = refused(mwaa.create_environment, Name=trial.name, **request)
    client("s3").delete_bucket(Bucket=plain)
    assert (code, "versioning" in message) == ("ValidationException", True)


@pytest.mark.parametrize(
    "operation", ["get_environment", "delete_environment", "update_environment", "create_cli_token"]
)
def test_an_unknown_environment_is_not_found(mwaa, unique, operation):
    assert refused(getattr(mwaa, operation), Name=unique("no"))[0] == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"requirements.txt": "--no-index\ntm-no-such-package==1.0\n"}, "tm-no-such-package"),
        ({"requirements.txt": "--no-index\nboto3==1.0.0\n"}, "boto3"),
        ({"startup.sh": "echo no such mirror\nexit 3\n"}, "no such mirror"),
        ({"plugins.zip": "no zip"}, "plugins.zip"),
    ],
)
def test_what_can_not_be_prepared_fails_the_creation_with_the_reason(make_trial, mwaa, settled, files, reason):
    names = {
        "requirements.txt": "RequirementsS3Path",
        "startup.sh": "StartupScriptS3Path",
        "plugins.zip": "PluginsS3Path",
    }
    trial = make_trial(**{names[name]: name for name in files})
    for name, text in files.items():
        trial.put(name, text)
    trial.create()

    told = settled(trial)
    assert told["Status"] == "CREATE_FAILED"
    assert told["LastUpdate"]["Status"] == "FAILED"
    assert reason in told["LastUpdate"]["Error"]["ErrorMessage"]
    assert refused(mwaa.create_cli_token, Name=trial.name)[0] == "ResourceNotFoundException"


def test_a_role_of_another_service_fails_the_creation(make_trial, client, settled, unique):
    trust = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam, name = client("iam"), unique("tm-other")
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    trial = make_trial(ExecutionRoleArn=arn)
    trial.create()

    told = settled(trial)
    iam.delete_role(RoleName=name)
    assert told["Status"] == "CREATE_FAILED"
    assert arn in told["LastUpdate"]["Error"]["ErrorMessage"]
