"""`tm-lakehouse generate` from the outside."""

import json

import pytest


def test_it_writes_files_and_tells_them(command, tmp_path):
    done = command(
        "generate", "out", "--courses", "erinhills,americanfalls", "--rounds", "30,erinhills=40", "--seed", 3
    )
    assert done.returncode == 0, done.stderr
    truth = json.loads((tmp_path / "out" / "truth.json").read_text())
    assert truth["sound_rounds"] == {"erinhills": 40, "americanfalls": 30}
    assert (tmp_path / "out" / "erinhills.rounds.csv").is_file()
    assert "out/americanfalls.rounds.csv" in done.stdout
    assert "Generating 2 courses into out: done in" in done.stderr


def test_format_and_compression(command, tmp_path):
    done = command(
        "generate", "out", "--courses", "synthetic-009", "--rounds", 20, "--format", "jsonl", "--gz", "--no-defects"
    )
    assert done.returncode == 0, done.stderr
    assert [path.name for path in sorted((tmp_path / "out").iterdir())] == [
        "synthetic-009.rounds.jsonl.gz",
        "truth.json",
    ]


def test_a_dry_run_writes_nothing(command, tmp_path):
    done = command("generate", "out", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "16,437" in done.stdout
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--courses", "augusta"], "There is no course 'augusta'"),
        (["--courses", "synthetic-$"], "There is no course 'synthetic-$'"),
        (["--rounds", "many"], "--rounds many is no number"),
        (["--rounds", "0"], "--rounds 0 is no number"),
        (["--rounds", "erinhills="], "--rounds erinhills= is no number"),
        (["--rounds", "³"], "--rounds ³ is no number"),
        (["--courses", "erinhills", "--rounds", "indiancreek=5"], "'indiancreek', which is not generated"),
        (["--format", "xml"], "Invalid value"),
        (["--seed", "-1"], "Invalid value"),
    ],
)
def test_bad_options_are_refused(refused, tmp_path, arguments, reason):
    assert reason in refused("generate", "out", *arguments)
    assert not (tmp_path / "out").exists()


def test_a_folder_with_files_is_refused_and_forced(command, refused, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    error = refused("generate", "out", "--courses", "erinhills", "--rounds", 5)
    assert "out is not empty" in error
    assert "--force" in error
    assert command("generate", "out", "--courses", "erinhills", "--rounds", 5, "--force").returncode == 0
    assert (tmp_path / "out" / "mine.txt").is_file()


def test_a_file_instead_of_a_folder_is_refused(refused, tmp_path):
    (tmp_path / "out").write_text("")
    assert "out is a file" in refused("generate", "out")
    assert "out/x can't be written" in refused("generate", "out/x", "--rounds", 1)
