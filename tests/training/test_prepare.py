"""From files of pairs to a packed training set: what is left out, what is kept, what is reported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.training.conftest import World
from training import prepare
from training.cleaning import Cleaner
from training.corpus import Pair, read_pairs, read_prepared
from training.mixture import Mixture, Source, Synthetic, load_mixture
from training.prepare import DEFAULT_MIXTURE, Deduplicator, HeldOut, Statistics, clean
from training.shards import SHARD, read_shard
from training.text import matching_key
from training.tokenizer import Vocabulary

MIXTURE = Mixture({"a": Source("a", 1.0, 1.0, "", ""), "half": Source("half", 1.0, 0.5, "", "")}, Synthetic(0, 0, 1.0))


def cleaned(pairs: list[Pair], held_out: list[str], statistics: dict[str, Statistics] | None = None) -> list[Pair]:
    return list(clean(pairs, MIXTURE, HeldOut(held_out), Cleaner(), {} if statistics is None else statistics))


def pair(number: int, origin: str = "a") -> Pair:
    return Pair(f"Das Haus Nummer {number} steht leer.", f"House number {number} is empty.", origin)


def test_held_out_sentences_are_removed_on_both_sides_whatever_their_form() -> None:
    held_out = ["das Haus Nummer 1 steht leer", "HOUSE NUMBER 2 IS EMPTY!"]
    assert cleaned([pair(1), pair(2), pair(3)], held_out) == [pair(3)]


def test_duplicates_are_removed_and_other_translations_kept() -> None:
    other = Pair(pair(1).source, "The house with number 1 stands empty.", "a")
    assert cleaned([pair(1), pair(1), other], []) == [pair(1), other]


def test_a_sentence_has_a_limited_number_of_variants() -> None:
    seen = Deduplicator()
    assert sum(seen.is_new("Ja.", f"Yes {number}") for number in range(20)) == prepare.MAX_VARIANTS


def test_sampling_keeps_about_its_share_and_always_the_same_pairs() -> None:
    pairs = [pair(number, "half") for number in range(400)]
    kept = cleaned(pairs, [])
    assert 150 < len(kept) < 250
    assert cleaned(pairs, []) == kept


def test_statistics_account_for_every_pair() -> None:
    statistics: dict[str, Statistics] = {}
    cleaned([pair(1), pair(1), Pair("", "x", "a"), pair(2)], [pair(2).source], statistics)
    assert statistics["a"].read == 4
    assert statistics["a"].kept == 1
    assert statistics["a"].dropped == {"duplicate": 1, "empty": 1, "held out": 1}


def test_a_source_that_the_mixture_lacks_is_an_error() -> None:
    with pytest.raises(KeyError, match="no entry for b"):
        cleaned([pair(1, "b")], [])


def test_the_commands_leave_nothing_of_the_held_out_set(world: World) -> None:
    held_out = {matching_key(line) for line in world.held_out.read_text(encoding="utf-8").splitlines()}
    kept = list(read_prepared(world.clean / prepare.PAIRS))
    assert held_out
    assert not held_out & {matching_key(text) for p in kept for text in (p.source, p.target)}


def test_the_commands_print_and_write_statistics(world: World) -> None:
    statistics = json.loads((world.clean / prepare.STATISTICS).read_text(encoding="utf-8"))
    assert statistics.keys() == {"news:ref", "made:own", "synthetic"}
    assert statistics["news:ref"]["dropped"]["held out"] >= 10
    assert "news:ref" in world.statistics_table


def test_packing_keeps_the_weights_of_the_mixture(world: World) -> None:
    shard = read_shard(world.inputs / SHARD)
    assert {o.name: o.weight for o in shard.origins} == {"news:ref": 2.0, "made:own": 1.0, "synthetic": 0.5}
    vocabulary = Vocabulary.load(world.inputs)
    pairs = list(read_prepared(world.clean / prepare.PAIRS))
    sides = (vocabulary.encode_all([p.source for p in pairs]), vocabulary.encode_all([p.target for p in pairs]))
    fitting = sum(max(len(source), len(target)) <= 160 for source, target in zip(*sides, strict=True))
    assert len(shard) == fitting


def test_a_file_of_another_form_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("Ja.\tYes.\nNein.\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.tsv, line 2"):
        list(read_pairs(tmp_path / "a.tsv"))


def test_the_command_says_what_is_wrong_with_a_mixture(world: World, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text("", encoding="utf-8")
    arguments = ["clean", str(world.raw / "made.tsv"), "--out", str(tmp_path), "--mixture", str(tmp_path / "m.toml")]
    result = CliRunner().invoke(prepare.main, arguments)
    assert result.exit_code != 0
    assert "mixture has no entry for made" in result.output


def test_the_committed_mixture_weights_news_above_all_documentation() -> None:
    sources = load_mixture(DEFAULT_MIXTURE).sources
    documentation = [s.weight for name, s in sources.items() if name.startswith(("ms_", "adobe_"))]
    assert min(sources[f"news:{kind}"].weight for kind in ("ref", "kd", "bt")) > max(documentation)
    assert all(source.origin and source.licence for source in sources.values())


@pytest.mark.parametrize(
    "entry", ['weight = -1.0\norigin = "o"\nlicence = "l"', 'weight = 1.0\norigin = "o"', 'origin = "o"\nlicence = "l"']
)
def test_a_wrong_mixture_is_refused(entry: str, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(f'[[source]]\nname = "x"\n{entry}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="'x'"):
        load_mixture(tmp_path / "m.toml")
