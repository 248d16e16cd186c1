"""What AWS adds to an environment's definition, keeps over an update, and refuses."""

import pytest
from mwaa_request import REQUEST as SOUND

from tm_localstack.mwaa.definitions import DefinitionError, completed, updated

HERE = {"account_id": "111111111111", "region": "eu-west-1"}


def test_a_new_environment_has_the_defaults_of_its_class():
    small, micro = completed(SOUND, **HERE), completed(SOUND | {"EnvironmentClass": "mw1.micro"}, **HERE)

    sizes = ("MinWorkers", "MaxWorkers", "Schedulers", "MinWebservers", "MaxWebservers")
    assert [small[size] for size in sizes] == [1, 10, 2, 2, 2]
    assert [micro[size] for size in sizes] == [1, 1, 1, 1, 1]
    assert small["WebserverAccessMode"] == "PRIVATE_ONLY"


def test_every_kind_of_log_has_a_group_and_only_tasks_are_kept_unless_asked():
    logging = completed(SOUND | {"LoggingConfiguration": {"SchedulerLogs": {"LogLevel": "ERROR"}}}, **HERE)
    logging = logging["LoggingConfiguration"]

    assert {kind for kind, entry in logging.items() if entry["Enabled"]} == {"TaskLogs"}
    assert logging["SchedulerLogs"]["LogLevel"] == "ERROR"
    assert logging["WebserverLogs"]["CloudWatchLogGroupArn"] == (
        "arn:aws:logs:eu-west-1:111111111111:log-group:airflow-lake-WebServer"
    )


@pytest.mark.parametrize(
    ("difference", "reason"),
    [
        ({"AirflowVersion": "1.10.12"}, "version 1.10.12"),
        ({"EnvironmentClass": "mw1.tiny"}, "EnvironmentClass mw1.tiny"),
        ({"NetworkConfiguration": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}}, "2 subnets"),
        ({"NetworkConfiguration": {"SubnetIds": ["subnet-1"] * 2, "SecurityGroupIds": ["sg-1"]}}, "2 subnets"),
        ({"NetworkConfiguration": {"SubnetIds": ["subnet-1", "subnet-2"]}}, "security group"),
        ({"MinWorkers": 5, "MaxWorkers": 4}, "MinWorkers 5"),
        ({"EnvironmentClass": "mw1.micro", "MaxWorkers": 2}, "MaxWorkers 2"),
        ({"Schedulers": 1}, "Schedulers 1"),
        ({"MinWebservers": 3}, "MinWebservers 3"),
        ({"LoggingConfiguration": {"TaskLogs": {"LogLevel": "LOUD"}}}, "log level"),
        ({"PluginsS3ObjectVersion": "1"}, "without its path"),
    ],
)
def test_what_aws_refuses_is_refused_with_the_reason(difference, reason):
    with pytest.raises(DefinitionError, match=reason):
        completed(SOUND | difference, **HERE)


def test_an_update_changes_what_it_says_and_keeps_the_rest():
    old = completed(SOUND | {"RequirementsS3Path": "r.txt", "RequirementsS3ObjectVersion": "1"}, **HERE)
    network = {"NetworkConfiguration": {"SecurityGroupIds": ["sg-2"]}}
    new = updated(old, {"Name": "lake", "MaxWorkers": 3, **network}, **HERE)

    assert new["NetworkConfiguration"] == {"SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-2"]}
    assert {name for name in old if old[name] != new[name]} == {"MaxWorkers", "NetworkConfiguration"}


def test_a_new_path_forgets_the_version_of_the_old_one():
    old = completed(SOUND | {"RequirementsS3Path": "r.txt", "RequirementsS3ObjectVersion": "1"}, **HERE)

    assert "RequirementsS3ObjectVersion" not in updated(old, {"Name": "lake", "RequirementsS3Path": "new.txt"}, **HERE)


def test_an_update_that_aws_refuses_is_refused():
    with pytest.raises(DefinitionError, match="MaxWorkers 99"):
        updated(completed(SOUND, **HERE), {"Name": "lake", "MaxWorkers": 99}, **HERE)
