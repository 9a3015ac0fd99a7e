"""What calibration measured is kept for one host and model, and losing it is never an error."""

from __future__ import annotations

from pathlib import Path

from service.engines.calibration import Calibration
from service.engines.calibration_store import fingerprint, recall_or_measure, stored

FOUND = Calibration(8, 512, 400.0, {1: 100.0, 8: 400.0})
HOST: dict[str, object] = {"processor": "a", "cores": 2}
HOST_AND_LIST = '{"host": {"processor": "a", "cores": 2}, "calibration": {"table": [1]}}'


def refuse() -> Calibration:
    raise AssertionError("measured again")


def test_a_calibration_is_measured_once_per_host(tmp_path: Path) -> None:
    places = [tmp_path / "models" / "m.json"]
    assert recall_or_measure(places, HOST, lambda: FOUND) == FOUND
    assert recall_or_measure(places, HOST, refuse) == FOUND


def test_another_host_or_model_calls_for_a_new_one(tmp_path: Path) -> None:
    places = [tmp_path / "m.json"]
    recall_or_measure(places, HOST, lambda: FOUND)
    other = Calibration(16, 512, 500.0, {})
    assert recall_or_measure(places, HOST | {"cores": 4}, lambda: other) == other


def test_where_the_models_are_read_only_the_next_place_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("in the way of a folder")
    places = [tmp_path / "a file" / "m.json", tmp_path / "cache" / "m.json"]
    recall_or_measure(places, HOST, lambda: FOUND)
    assert recall_or_measure(places, HOST, refuse) == FOUND


def test_a_damaged_file_is_measured_again_and_replaced(tmp_path: Path) -> None:
    place = tmp_path / "m.json"
    for content in (
        "",
        "[]",
        "{}",
        '{"host": {"processor": "a", "cores": 2}, "calibration": {"table": {"x": 1}}}',
        HOST_AND_LIST,
    ):
        place.write_text(content)
        assert recall_or_measure([place], HOST, lambda: FOUND) == FOUND
        assert recall_or_measure([place], HOST, refuse) == FOUND


def test_the_fingerprint_names_what_speed_depends_on() -> None:
    first = fingerprint(digest="d", engine="ctranslate2", compute_type="int8", replicas=2, intra_threads=1)
    for change in ({"digest": "e"}, {"engine": "torch"}, {"compute_type": "float32"}, {"replicas": 1}):
        arguments: dict[str, object] = {
            "digest": "d",
            "engine": "ctranslate2",
            "compute_type": "int8",
            "replicas": 2,
            "intra_threads": 1,
        }
        assert fingerprint(**(arguments | change)) != first  # type: ignore[arg-type]


def test_what_was_found_is_told_in_words_and_damage_is_passed_over(tmp_path: Path) -> None:
    first, second = tmp_path / "models", tmp_path / "cache"
    recall_or_measure([first / "m.ctranslate2.json"], HOST, lambda: FOUND)
    recall_or_measure([second / "s.ctranslate2.json"], HOST, lambda: FOUND)
    (first / "broken.json").write_text("[")
    assert stored([first, second]) == [
        "m.ctranslate2: batches of 8 and 512 source tokens at most; source tokens/s by batch size 1: 100, 8: 400",
        "s.ctranslate2: batches of 8 and 512 source tokens at most; source tokens/s by batch size 1: 100, 8: 400",
    ]
