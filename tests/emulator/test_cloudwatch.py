"""CloudWatch keeps what Terraform compares."""


def test_alarm_keeps_its_tags(client, unique):
    cloudwatch, name = client("cloudwatch"), unique("alarm")
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace="Glue",
        MetricName="glue.error.ALL",
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
        Tags=[{"Key": "team", "Value": "data"}],
    )
    arn = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["AlarmArn"]
    tags = cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"]
    cloudwatch.delete_alarms(AlarmNames=[name])

    assert tags == [{"Key": "team", "Value": "data"}]
