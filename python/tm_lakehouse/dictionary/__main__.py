"""`make docs`: write the pages of the data dictionary."""

from pathlib import Path

from tm_lakehouse.cli.target import project_root
from tm_lakehouse.dictionary import gold, observability, silver

TABLES_HEADER = """# Tables of Silver and observability

Written by `make docs` from the contracts in `python/tm_lakehouse/tables` and Terraform's `terraform/modules/catalog`.
[Gold](gold-tables.md) has a page of its own.
"""
GOLD_HEADER = """# Tables of Gold

Written by `make docs` from the models in `python/dbt/models/gold`. How these tables are kept and published:
[Gold](gold.md). Their lineage is in dbt's own documentation, which every `tm-lakehouse gold` keeps at
`dbt_artifacts/run_id=.../index.html` of the observability bucket.

A test of error severity that fails keeps a build from readers; one that warns is told. What each test finds:
[Gold's tests](gold-tests.md). Percent is 0 to 100, a share 0 to 1; an ordinal is a number that names, such as a hole's
or a month's. Times are UTC without a zone; dates, hours and weekdays are the course's own.
"""


def pages(root: Path) -> dict[str, str]:
    """Name and text of each page."""
    of_silver = ["## Silver\n", *silver.sections()]
    of_observability = ["## Observability\n", *observability.sections(root / "terraform" / "modules" / "catalog")]
    of_gold = gold.page(gold.read_models(root / "python" / "dbt" / "models" / "gold"))
    return {
        "tables.md": "\n".join([TABLES_HEADER, *of_silver, *of_observability]),
        "gold-tables.md": "\n".join([GOLD_HEADER, *of_gold]),
    }


def main() -> None:
    """Write every page below docs."""
    root = project_root()
    for name, text in pages(root).items():
        (root / "docs" / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
