"""LocalStack whose catalog is slow between a check and the write that follows: only a lock keeps them together."""

import time

from localstack.aws.api import RequestContext
from localstack.runtime.main import main

from tm_localstack.glue import catalog

ask_moto = catalog.call_moto


def slow_moto(context: RequestContext) -> dict[str, object]:
    time.sleep(0.05)
    return ask_moto(context)


catalog.call_moto = slow_moto

main()
