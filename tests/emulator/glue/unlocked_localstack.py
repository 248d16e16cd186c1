"""LocalStack whose UpdateTable ignores VersionId, as moto's own does: the control of the test for lost rows."""

from localstack.runtime.main import main

from tm_localstack.glue.catalog import CatalogOperations

del CatalogOperations.update_table

main()
