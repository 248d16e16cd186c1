"""SQLAlchemy by PyAthena's dialect: engine, reflection, statements, an Iceberg table."""

from urllib.parse import quote_plus

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, func, inspect, select


@pytest.fixture(scope="module")
def engine(place):
    url = (
        f"awsathena+rest://@athena.us-east-1.amazonaws.com:443/{place.database}?work_group={place.workgroup}"
        f"&s3_staging_dir={quote_plus(place.results)}&location={quote_plus(place.location + 'sqlalchemy/')}"
        f"&tblproperties={quote_plus(repr('table_type') + '=' + repr('ICEBERG'))}&poll_interval=0.1"
    )
    engine = create_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def courses(engine):
    """An Iceberg table that SQLAlchemy created and filled."""
    table = Table(
        "sqlalchemy_courses",
        MetaData(),
        Column("course_id", String, comment="the course's own name"),
        Column("holes", Integer),
        Column("state", String, awsathena_partition=True),
    )
    table.create(engine)
    with engine.begin() as connection:
        for row in (("erinhills", 18, "WI"), ("bradshawfarmgc", 27, "GA"), ("americanfalls", 9, "ID")):
            connection.execute(table.insert().values(dict(zip(table.columns.keys(), row, strict=True))))
    return table


def test_a_created_table_is_reflected(engine, courses, place):
    inspector = inspect(engine)
    columns = {column["name"]: column for column in inspector.get_columns(courses.name)}

    assert place.database in inspector.get_schema_names()
    assert courses.name in inspector.get_table_names()
    assert inspector.has_table(courses.name)
    assert not inspector.has_table("no_such_table")
    assert list(columns) == ["course_id", "holes", "state"]
    assert isinstance(columns["holes"]["type"], Integer)
    assert columns["course_id"]["comment"] == "the course's own name"
    assert Table(courses.name, MetaData(), autoload_with=engine).columns.keys() == list(columns)


def test_a_created_table_is_an_iceberg_table(engine, courses, place):
    options = inspect(engine).get_table_options(courses.name)

    assert options["awsathena_tblproperties"]["table_type"] == "ICEBERG"
    assert options["awsathena_location"].startswith(place.location)


def test_select_with_conditions_and_groups(engine, courses):
    big = select(courses.c.course_id).where(courses.c.holes >= 18).order_by(courses.c.holes.desc()).limit(5)
    total = select(func.sum(courses.c.holes))

    with engine.connect() as connection:
        assert connection.execute(big).scalars().all() == ["bradshawfarmgc", "erinhills"]
        assert connection.execute(total).scalar_one() == 54


def test_rows_are_changed_and_deleted(engine, courses):
    with engine.begin() as connection:
        connection.execute(courses.insert().values(course_id="indiancreek", holes=9, state="FL"))
        connection.execute(courses.update().where(courses.c.course_id == "indiancreek").values(holes=18))
        holes = connection.execute(select(courses.c.holes).where(courses.c.state == "FL")).scalars().all()
        connection.execute(courses.delete().where(courses.c.state == "FL"))
        left = connection.execute(select(func.count()).select_from(courses)).scalar_one()

    assert (holes, left) == ([18], 3)
