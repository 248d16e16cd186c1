"""The binary description of a result's columns."""

from tm_localstack.athena.result_metadata import metadata
from tm_localstack.athena.results import ResultColumn

# What Athena itself wrote for `SELECT ARRAY[...] AS ary`, as published in hexadecimal.
ARRAY_BY_ATHENA = (
    "0a1b32303139303432335f3132353132385f30303030315f656874757222190a046869766522036172792a03617279320561727261794803"
)


def test_it_is_what_athena_writes():
    assert metadata("20190423_125128_00001_ehtur", [ResultColumn("ary", "array")]).hex() == ARRAY_BY_ATHENA


def test_numbers_take_as_many_bytes_as_they_need():
    written = metadata("q", [ResultColumn("d", "decimal", 38, 2), ResultColumn("v", "varchar", 2_147_483_647, 0, True)])
    assert bytes([7 << 3, 38, 8 << 3, 2, 9 << 3, 3]) in written
    assert bytes([7 << 3, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 9 << 3, 3, 10 << 3, 1]) in written
