"""Prints all that a region holds of what the stack is made of, as JSON; asked by the AWS SDK's own variables."""
import json
from ast import literal_eval

import boto3

lambdas, kinesis, dynamodb = (boto3.client(name) for name in ("lambda", "kinesis", "dynamodb"))
iam, sqs, logs = (boto3.client(name) for name in ("iam", "sqs", "logs"))


def policies(role):
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    documents = [
        iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in names
    ]
    # moto gives a template's policies as Python prints them, not as JSON.
    return [
        statement for document in documents for statement in literal_eval(document)["Statement"]
    ]


print(
    json.dumps(
        {
            "functions": lambdas.list_functions()["Functions"],
            "mappings": lambdas.list_event_source_mappings()["EventSourceMappings"],
            "tables": [
                dynamodb.describe_table(TableName=name)["Table"]
                for name in dynamodb.list_tables()["TableNames"]
            ],
            "streams": [
                kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]
                for name in kinesis.list_streams()["StreamNames"]
            ],
            "queues": sqs.list_queues().get("QueueUrls", []),
            "logGroups": logs.describe_log_groups()["logGroups"],
            "roles": [
                {**role, "Statements": policies(role["RoleName"])}
                for role in iam.list_roles()["Roles"]
            ],
            "buckets": boto3.client("s3").list_buckets()["Buckets"],
        },
        default=str,
    )
)
