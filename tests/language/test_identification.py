"""Which language short and long, loud and odd texts are found to be in, without a network."""

import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.language.identification import FastTextDetector


@pytest.fixture(scope="module")
def detector() -> FastTextDetector:
    return FastTextDetector()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Brücke bleibt bis Montag gesperrt.", "de"),
        ("The bridge stays closed until Monday.", "en"),
        ("Regierung verschiebt Entscheidung", "de"),
        ("Government delays its decision", "en"),
        ("EILMELDUNG: MINISTERIN TRITT ZURÜCK", "de"),
        ("BREAKING: MINISTER STEPS DOWN OVER BRIDGE", "en"),
        ("MINISTERIN TRITT ZURÜCK\nSie nennt am Abend nur persönliche Gründe.", "de"),
        ("Le pont reste fermé jusqu'à lundi.", "fr"),
        ("El puente sigue cerrado hasta el lunes.", "es"),
        ("Мост закрыт до понедельника.", "ru"),
        ("橋は月曜日まで閉鎖される。", "ja"),
        ("Mehr dazu: https://www.example.com/the/news/about/this/bridge", "de"),
        ("„Wir bleiben“, sagte sie.\r\n\r\nDann ging sie.\x85Ende\u2028gut.", "de"),
    ],
)
def test_language(detector: FastTextDetector, text: str, language: str) -> None:
    found = detector.detect(text)
    assert found.language == language
    assert 0.3 < found.confidence <= 1


@pytest.mark.parametrize("text", ["", " \n", "123 – 4,5 %", "...", "😀🇩🇪", "\x00", "https://example.com/news"])
def test_no_letters_no_language(detector: FastTextDetector, text: str) -> None:
    found = detector.detect(text)
    assert (found.language, found.confidence) == ("und", 0.0)


def test_single_names_are_not_told_with_confidence(detector: FastTextDetector) -> None:
    assert detector.detect("Angela Merkel").confidence < 0.5


def test_a_long_text_is_judged_by_more_than_its_beginning(detector: FastTextDetector) -> None:
    english, german = "The bridge stays closed. ", "Die Brücke bleibt gesperrt. "
    assert detector.detect(english * 4 + german * 50_000).language == "de"
    assert detector.detect("1 " * 3_000 + english * 2_000).language == "en"


@settings(deadline=None, max_examples=300)
@given(text=st.text(max_size=60))
def test_any_string_gets_an_answer(detector: FastTextDetector, text: str) -> None:
    found = detector.detect(text)
    assert found.language
    assert 0 <= found.confidence <= 1


def test_threads_get_the_same_answers(detector: FastTextDetector) -> None:
    texts = ["Die Brücke bleibt gesperrt.", "The bridge stays closed.", "Le pont reste fermé."] * 200
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(detector.detect, texts)) == [detector.detect(text) for text in texts]


def test_no_network_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert FastTextDetector().detect("Die Brücke bleibt gesperrt.").language == "de"


def test_importing_it_loads_no_model_library() -> None:
    """The default engine must serve without torch and transformers in memory."""
    code = "import sys, service.language.identification; sys.exit(bool({'torch', 'transformers'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
