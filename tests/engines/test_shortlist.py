"""What a shortlist holds, and that the engine scores what it holds and nothing else."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.types import DecodingOptions
from service.engines.ctranslate2_engine import CTranslate2Engine
from service.engines.shortlist import FILE, Harvest, Shortlist, digest, make

VOCABULARY = [
    "</s>",
    "<unk>",
    "<pad>",
    "<0x41>",
    "▁",
    ".",
    "▁Haus",
    "▁house",
    "▁the",
    "▁Schwarz",
    "egger",
    "▁es",
    "Haus",
    "war",
]


def test_what_is_frequent_is_scored_for_all_and_the_rest_with_its_source() -> None:
    harvest = Harvest()
    for _ in range(3):
        harvest.add(["▁Haus", "</s>"], ["▁the", "▁house"], [[0.9, 0.1], [0.8, 0.2]])
    made = make(VOCABULARY, [], harvest, everywhere=1, per_source=5)
    assert "▁the" in made.everywhere  # counted first, as often as the other
    assert "▁house" not in made.everywhere
    assert "▁house" in made.brought["▁Haus"]


def test_marks_and_bytes_are_always_scored_and_what_the_format_cannot_say_never() -> None:
    made = make([*VOCABULARY, "a b", "c\td"], [], Harvest(), everywhere=0, per_source=0)
    assert {"</s>", "<0x41>", "▁", "."} <= set(made.everywhere)
    listed = {*made.everywhere, *made.brought, *(piece for pieces in made.brought.values() for piece in pieces)}
    assert not listed & {"a b", "c\td", "<pad>"}


def test_a_source_piece_brings_itself_and_its_parts() -> None:
    """So that what is copied can be spelled, also where the target's pieces are others."""
    made = make([*VOCABULARY, "▁Schwarzenegger", "wa"], [], Harvest(), everywhere=0, per_source=0)
    assert {"▁Schwarzenegger", "▁Schwarz", "egger"} <= set(made.brought["▁Schwarzenegger"])
    assert set(made.brought["war"]) == {"war", "wa"}


def test_the_targets_own_frequencies_stand_in_where_nothing_was_harvested() -> None:
    made = make(VOCABULARY, ["▁the", "▁house", "▁es"], Harvest(), everywhere=2, per_source=0)
    assert {"▁the", "▁house"} <= set(made.everywhere)
    assert "▁es" not in made.everywhere


pieces = st.sampled_from(VOCABULARY)
harvests = st.lists(
    st.tuples(st.lists(pieces, min_size=1, max_size=5), st.lists(pieces, max_size=5)).flatmap(
        lambda pair: st.tuples(
            st.just(pair[0]),
            st.just(pair[1]),
            st.lists(
                st.lists(st.floats(0, 1), min_size=len(pair[0]), max_size=len(pair[0])),
                min_size=len(pair[1]),
                max_size=len(pair[1]),
            ),
        )
    ),
    max_size=6,
)


@given(harvests, st.integers(0, 20), st.integers(0, 5))
def test_every_source_piece_may_be_copied_and_the_text_form_says_all(
    translations: list[tuple[list[str], list[str], list[list[float]]]], everywhere: int, per_source: int
) -> None:
    harvest = Harvest()
    for source, output, attention in translations:
        harvest.add(source, output, attention)
    assert Harvest.from_json(harvest.to_json()) == harvest
    made = make(VOCABULARY, [], harvest, everywhere=everywhere, per_source=per_source)
    rows = dict(line.split("\t") for line in made.text().splitlines())
    everywhere_listed = set(rows.pop("").split(" "))
    assert everywhere_listed == set(made.everywhere)
    for piece in set(VOCABULARY) - {"<pad>"}:
        assert piece in everywhere_listed or piece in rows[piece].split(" ")
    for key, listed in rows.items():
        assert Counter(listed.split(" ")).most_common(1)[0][1] == 1, key
        assert everywhere_listed.isdisjoint(listed.split(" "))


def test_what_was_harvested_is_read_back_or_refused() -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        Harvest.from_json("{}")


def test_a_list_is_written_whole_and_known_by_its_digest(tmp_path: Path) -> None:
    assert digest(tmp_path) is None
    written = Shortlist(("▁the", "."), {"▁Haus": ("▁house",)}).write(tmp_path)
    assert digest(tmp_path) == written
    assert (tmp_path / FILE).read_text() == "\t▁the .\n▁Haus\t▁house\n"
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    """The starter's converted folder, with room for a shortlist."""
    home = Path("model_cache/starter-de-en")
    version = json.loads((home / "manifest.json").read_text())["directory"]
    for file in (home / version / "ctranslate2").iterdir():
        if file.name != FILE:
            (tmp_path / file.name).symlink_to(file.resolve())
    return tmp_path


def test_the_engine_scores_the_list_only_when_it_is_told_to(starter: Path) -> None:
    vocabulary = json.loads((starter / "shared_vocabulary.json").read_text())
    source = ["▁Die", "▁Stadt", "."]
    assert set(source) <= set(vocabulary)
    Shortlist(("▁city", ".", "</s>"), {"▁Die": ("▁the",)}).write(starter)
    engine = CTranslate2Engine(starter, replicas=1, max_source_tokens=100)
    whole = engine.generate([source], DecodingOptions())[0]
    listed = engine.generate([source], DecodingOptions(shortlist="x"))[0]
    forced = engine.generate([source], DecodingOptions(shortlist="x", target_prefix=("▁It",)))[0]
    engine.close()
    assert not set(whole.tokens) <= {"▁city", ".", "▁the"}
    assert set(listed.tokens) <= {"▁city", ".", "▁the", "▁Die", "<unk>"}
    assert forced.tokens  # a beginning that the list lacks is possible all the same
