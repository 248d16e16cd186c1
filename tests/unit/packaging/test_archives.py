"""An archive depends on its content alone."""

import os
import zipfile

from tm_lakehouse.packaging.archives import files_under, write_archive


def test_order_times_and_modes_of_the_sources_do_not_show(tmp_path):
    first, second = tmp_path / "first.py", tmp_path / "second.py"
    first.write_text("a = 1\n")
    second.write_text("b = 2\n")
    write_archive(tmp_path / "one.zip", {"a.py": first, "b.py": second, "c.txt": b"c"})
    os.utime(first, (1_000_000_000, 1_000_000_000))
    second.chmod(0o700)
    write_archive(tmp_path / "two.zip", {"c.txt": b"c", "b.py": second, "a.py": first})

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_entries_can_be_read_by_anyone_and_are_in_order(tmp_path):
    write_archive(tmp_path / "made" / "x.zip", {"b": b"2", "a": b"1"})
    with zipfile.ZipFile(tmp_path / "made" / "x.zip") as archive:
        assert [(member.filename, member.external_attr >> 16) for member in archive.infolist()] == [
            ("a", 0o100644),
            ("b", 0o100644),
        ]
        assert archive.read("b") == b"2"


def test_what_python_leaves_behind_is_not_packed(tmp_path):
    (tmp_path / "package" / "__pycache__").mkdir(parents=True)
    (tmp_path / "package" / "__pycache__" / "a.cpython-311.pyc").touch()
    (tmp_path / "package" / "a.py").touch()
    (tmp_path / "package" / "rates.csv").touch()

    assert [path.name for path in files_under(tmp_path)] == ["a.py", "rates.csv"]
