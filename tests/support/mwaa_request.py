"""The least that CreateEnvironment takes."""

REQUEST = {
    "Name": "lake",
    "ExecutionRoleArn": "arn:aws:iam::111111111111:role/airflow",
    "SourceBucketArn": "arn:aws:s3:::dags",
    "DagS3Path": "dags",
    "NetworkConfiguration": {"SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]},
}
