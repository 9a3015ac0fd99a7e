"""How pairs are read from files that people have."""

from __future__ import annotations

import io

import pytest

from service.cli.pairs import Pair, UnreadablePairs, columns, side_by_side, translation_memory

TMX = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="de"/><body>
<tu><prop>x</prop><tuv xml:lang="de-DE"><seg>Ein <bpt i="1">&lt;b&gt;</bpt>Wort<ept i="1">&lt;/b&gt;</ept> &amp; mehr</seg></tuv>
    <tuv xml:lang="EN"><seg>A <hi>word</hi><ph>{0}<sub>note</sub></ph> &amp; more</seg></tuv></tu>
<tu><tuv xml:lang="de"><seg>Nur deutsch</seg></tuv><tuv xml:lang="fr"><seg>Autre</seg></tuv></tu>
<tu><tuv lang="en_US"><seg>Last</seg></tuv><tuv lang="de"><seg>Letzter</seg></tuv></tu>
</body></tmx>"""  # noqa: E501


def read(text: str, encoding: str = "utf-8") -> list[Pair]:
    return list(translation_memory(io.BytesIO(text.encode(encoding)), "de", "en-GB"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_translation_memory_gives_the_units_with_both_languages_without_markup(encoding: str) -> None:
    text = TMX if encoding == "utf-8" else TMX.replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert read(text, encoding) == [Pair(1, "Ein Wort & mehr", "A word & more"), Pair(3, "Letzter", "Last")]


BOMB = '<!DOCTYPE tmx [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><tmx><tu>&b;</tu></tmx>'
THIEF = '<!DOCTYPE tmx [<!ENTITY a SYSTEM "file:///etc/passwd">]><tmx><tuv xml:lang="de"><seg>&a;</seg></tuv></tmx>'


@pytest.mark.parametrize("text", [BOMB, THIEF, TMX[:200], "Nein.", ""])
def test_what_is_no_harmless_xml_is_refused(text: str) -> None:
    with pytest.raises(UnreadablePairs):
        read(text)


def test_a_large_memory_is_read_piece_by_piece() -> None:
    unit = '<tu><tuv xml:lang="de"><seg>Wort</seg></tuv><tuv xml:lang="en"><seg>word</seg></tuv></tu>'
    stream = io.BytesIO(f"<tmx>{unit * 5000}</tmx>".encode())
    pairs = translation_memory(stream, "de", "en")
    assert next(pairs) == Pair(1, "Wort", "word")
    assert stream.tell() < len(stream.getvalue()) / 2
    assert sum(1 for _ in pairs) == 4999


def test_columns_are_separated_by_tabs() -> None:
    assert list(columns("Ja\tYes\tx\r\n\n\tNo\n")) == [Pair(1, "Ja", "Yes"), Pair(3, "", "No")]
    with pytest.raises(UnreadablePairs, match="line 2"):
        list(columns("a\tb\nc d\n"))


def test_two_files_must_have_as_many_lines() -> None:
    assert list(side_by_side("Ja\r\n\nNein\n", "Yes\n\nNo")) == [
        Pair(1, "Ja", "Yes"),
        Pair(2, "", ""),
        Pair(3, "Nein", "No"),
    ]
    with pytest.raises(UnreadablePairs, match="2 and 1"):
        list(side_by_side("a\nb\n", "c\n"))
