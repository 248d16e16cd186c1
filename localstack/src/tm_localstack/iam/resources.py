"""What LocalStack's services hold of their resources: their own policies, and which one a call is about."""

import json
from typing import Any

from localstack.services.kms.models import kms_stores
from localstack.services.s3.models import s3_stores
from localstack.services.sqs.models import sqs_stores
from moto.iam.models import iam_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.sns.models import sns_backends

from tm_localstack.athena.models import store_of
from tm_localstack.iam.callers import PARTITION
from tm_localstack.iam.documents import Document, parse

_S3 = "arn:aws:s3:::"


class Resources:
    """The resources of one account and region."""

    def __init__(self, account_id: str, region: str) -> None:
        self._account_id = account_id
        self._region = region

    def policy_of(self, arn: str) -> Document:
        """The resource's own policy; empty where it has none."""
        service = arn.split(":")[2] if arn.count(":") >= 2 else ""
        find = {"s3": self._bucket_policy, "kms": self._key_policy, "sqs": self._queue_policy}
        find |= {"sns": self._topic_policy, "iam": self._trust_policy, "secretsmanager": self._secret_policy}
        text = find[service](arn) if service in find else None
        return parse(text) if text else ()

    def workgroup_of_query(self, query_id: str) -> str | None:
        found = store_of(self._account_id, self._region).executions.get(query_id)
        return found.request.workgroup if found else None

    def workgroup_of_named_query(self, query_id: str) -> str | None:
        found = store_of(self._account_id, self._region).named_queries.get(query_id)
        return found.workgroup if found else None

    def key_arn(self, key: str) -> str | None:
        store = kms_stores[self._account_id][self._region]
        name = key.rsplit(":", 1)[-1]
        if name.startswith("alias/"):
            alias = store.aliases.get(name)
            name = alias.metadata["TargetKeyId"] if alias else name
        found = store.keys.get(name.rsplit("/", 1)[-1])
        return found.metadata["Arn"] if found else None

    def key_tags(self, key_arn: str) -> dict[str, str]:
        found = kms_stores[self._account_id][self._region].keys.get(key_arn.rsplit("/", 1)[-1])
        return {str(key): str(value) for key, value in (found.tags if found else {}).items()}

    def role_boundary(self, role: str) -> str | None:
        roles = iam_backends[self._account_id][PARTITION].roles.values()
        return next((each.permissions_boundary_arn for each in roles if each.name == role), None)

    def secret_arn(self, secret: str) -> str | None:
        found = secretsmanager_backends[self._account_id][self._region].secrets.get(secret)
        return found.arn if found else None

    def bucket_key(self, bucket: str) -> str | None:
        rule = getattr(self._bucket(bucket), "encryption_rule", None)
        default = (rule or {}).get("ApplyServerSideEncryptionByDefault") or {}
        key = default.get("KMSMasterKeyID")
        return self.key_arn(key) if default.get("SSEAlgorithm") == "aws:kms" and key else None

    def object_key(self, bucket: str, key: str) -> str | None:
        found = self._bucket(bucket)
        stored = found.objects.get(key) if found else None
        encrypted_with = getattr(stored, "kms_key_id", None)
        return self.key_arn(encrypted_with) if encrypted_with else None

    def _bucket(self, name: str) -> Any:
        owner = s3_stores[self._account_id][self._region].global_bucket_map.get(name)
        if owner is None:
            return None
        return next(
            (found for store in s3_stores[owner].values() if (found := store.buckets.get(name))),
            None,
        )

    def _bucket_policy(self, arn: str) -> str | None:
        bucket = self._bucket(arn.removeprefix(_S3).partition("/")[0])
        return bucket.policy if bucket else None

    def _key_policy(self, arn: str) -> str | None:
        found = kms_stores[self._account_id][self._region].keys.get(arn.rsplit("/", 1)[-1])
        return found.policy if found else None

    def _queue_policy(self, arn: str) -> str | None:
        queue = sqs_stores[self._account_id][self._region].queues.get(arn.rsplit(":", 1)[-1])
        return queue.attributes.get("Policy") if queue else None

    def _topic_policy(self, arn: str) -> str | None:
        topic = sns_backends[self._account_id][self._region].topics.get(arn)
        return topic.policy if topic else None

    def _secret_policy(self, arn: str) -> str | None:
        found = self.secret_arn(arn)
        secret = secretsmanager_backends[self._account_id][self._region].secrets.get(found) if found else None
        return getattr(secret, "policy", None)

    def _trust_policy(self, arn: str) -> str | None:
        roles = iam_backends[self._account_id][PARTITION].roles.values()
        role = next((role for role in roles if role.arn == arn), None)
        if role is None:
            return None
        trust = role.assume_role_policy_document
        return trust if isinstance(trust, str) else json.dumps(trust)
