"""The command line: the same pipeline without HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.server import ROOT, environment
from tests.e2e.test_operations import run
from tools.demo_models.corpus import read_articles


def test_translate_from_standard_input(home: Path, pairs: list[tuple[str, str]]) -> None:
    paragraphs = pairs[:60]
    result = run(home, "translate", "--from", "de", text="\n\n".join(source for source, _ in paragraphs) + "\n")
    assert result.stdout == "\n\n".join(target for _, target in paragraphs) + "\n"
    assert "demo" in result.stderr


def test_translate_files_as_json_lines_keeps_other_members(home: Path) -> None:
    home.mkdir()
    (home / "in.jsonl").write_text('{"id": 7, "text": "Nein."}\n\n{"id": 8, "text": ""}\n', encoding="utf-8")
    result = run(home, "translate", "--jsonl", "--segments", "in.jsonl")
    first, second = map(json.loads, result.stdout.splitlines())
    assert (first["id"], first["translation"]["text"]) == (7, "No.")
    assert first["translation"]["segments"][0]["source"] == "Nein."
    assert (second["id"], second["translation"]["text"]) == (8, "")


def test_a_bad_line_is_reported_in_its_place_and_the_others_are_done(home: Path) -> None:
    result = run(home, "translate", "--jsonl", text='{"text": "Nein."}\n{"text": 5}\nrubbish\n{"text": "Nein."}\n')
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert ["error" in line for line in lines] == [False, True, True, False]
    assert result.returncode == 1


def test_summarize_a_file(home: Path) -> None:
    home.mkdir()
    article = read_articles()[0]
    (home / "article.txt").write_text(article.document, encoding="utf-8")
    result = run(home, "summarize", "--method", "abstractive", "--sentences", "5", "article.txt")
    assert result.stdout.strip() == article.summary


def test_models_list_and_verify(home: Path) -> None:
    assert "demo-de-en" in run(home, "models", "list").stdout
    result = run(home, "models", "verify", "demo-de-en")
    assert (result.returncode, "as recorded" in result.stdout) == (0, True)


def test_settings_show_their_origin_and_hide_secrets(home: Path) -> None:
    result = run(home, "settings", DEPESCHE_QUEUE_JOBS="1234")
    assert any(
        line.startswith("DEPESCHE_QUEUE_JOBS=1234") and "environment" in line for line in result.stdout.splitlines()
    )


def test_cache_stats_and_purge(home: Path) -> None:
    run(home, "translate", text="Nein.\n")
    assert "1 entries" in run(home, "cache", "stats").stdout
    assert "removed 0" in run(home, "cache", "purge", "--older-than", "1d").stdout
    assert "removed 1" in run(home, "cache", "purge").stdout


def test_input_that_is_not_utf8_is_refused(home: Path) -> None:
    home.mkdir()
    (home / "latin1.txt").write_bytes("Müller".encode("latin-1"))
    result = run(home, "translate", "latin1.txt")
    assert result.returncode == 1
    assert "not UTF-8" in result.stderr


def test_a_byte_order_mark_is_no_part_of_the_text(home: Path) -> None:
    result = run(home, "translate", "--jsonl", text='\ufeff{"text": "Nein."}\n')
    assert json.loads(result.stdout)["translation"]["text"] == "No."


def test_output_is_utf8_in_every_locale(home: Path) -> None:
    home.mkdir()
    (home / "dash.txt").write_text("– 7 –\n", encoding="utf-8")
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
    result = subprocess.run(
        [sys.executable, "-m", "service.cli", "translate", "dash.txt"],
        capture_output=True,
        cwd=home,
        env=environment(home, PYTHONPATH=str(ROOT)) | plain,
        check=True,
    )
    assert result.stdout.decode("utf-8") == "– 7 –\n"


@pytest.mark.parametrize(("redirection", "reason"), [(">/dev/full", "No space left"), ("<&-", "must be open")])
def test_streams_that_do_not_work_end_in_one_line(home: Path, redirection: str, reason: str) -> None:
    home.mkdir()
    result = subprocess.run(
        ["bash", "-c", f"echo Nein. | {{ {sys.executable} -m service.cli translate {redirection}; }}"],
        capture_output=True,
        text=True,
        cwd=home,
        env=environment(home, PYTHONPATH=str(ROOT)),
        check=False,
    )
    assert (result.returncode, "Traceback" in result.stderr) == (1, False)
    assert reason in result.stderr.splitlines()[-1]


def test_a_cache_that_cannot_be_used_is_an_error_to_whoever_asks_for_it(home: Path) -> None:
    home.mkdir()
    (home / "cache").write_text("a file where a folder should be")
    result = run(home, "cache", "stats")
    assert result.returncode == 1
    assert "can't be used" in result.stderr
    assert "Traceback" not in result.stderr


def test_check_shows_what_is_doubtful_in_pairs_of_every_form(home: Path) -> None:
    home.mkdir()
    right = ("Rund 11.000 Menschen demonstrierten in Hannover.", "Around 11,000 people demonstrated in Hanover.")
    wrong = (right[0], right[1].replace("11", "12"))
    unit = '<tu><tuv xml:lang="de"><seg>{}</seg></tuv><tuv xml:lang="en"><seg>{}</seg></tuv></tu>'
    (home / "m.tmx").write_text(f"<tmx><body>{''.join(unit.format(*pair) for pair in (right, wrong))}</body></tmx>")
    (home / "p.tsv").write_text("".join("\t".join(pair) + "\n" for pair in (right, wrong)))
    for number, name in enumerate(("s.txt", "t.txt")):
        (home / name).write_text("".join(pair[number] + "\n" for pair in (right, wrong)))
    for files in (["m.tmx"], ["p.tsv"], ["s.txt", "t.txt"]):
        result = run(home, "check", "--from", "de", "--to", "en", "--below", "0", *files)
        [line] = result.stdout.splitlines()
        place, _, flags, *texts = line.split("\t")
        assert (place, flags, tuple(texts)) == ("2", "numbers_changed", wrong)
        assert "1 of 2" in result.stderr
    result = run(home, "check", "--from", "de", "--to", "en", "--jsonl", "p.tsv")
    first, second = map(json.loads, result.stdout.splitlines())
    assert (first["flags"], second["flags"]) == ([], ["numbers_changed"])
    [span] = second["findings"][0]["target"]
    assert second["target"][span["start"] : span["end"]] == "12,000"


def test_check_says_what_is_wrong_with_a_file(home: Path) -> None:
    home.mkdir()
    (home / "p.tsv").write_text("kein Tab\n")
    result = run(home, "check", "--from", "de", "--to", "en", "p.tsv")
    assert result.returncode == 1
    assert "line 1 has no tab" in result.stderr
