"""Translation through the real service on the demo models, as a CMS would use it."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.e2e.server import Server


def assert_offsets_hold(text: str, translation: dict[str, Any]) -> None:
    for segment in translation["segments"]:
        assert text[segment["source_start"] : segment["source_end"]] == segment["source"]
        assert translation["text"][segment["target_start"] : segment["target_end"]] == segment["target"]


def test_the_whole_demo_corpus_comes_back_exactly(server: Server, pairs: list[tuple[str, str]]) -> None:
    """Every sentence, in requests of 64 texts, as a wire ingest would send them."""
    for start in range(0, len(pairs), 64):
        batch = pairs[start : start + 64]
        answer = server.translate([source for source, _ in batch], source_lang="de", include_segments=True)
        for (source, target), translation in zip(batch, answer["translations"], strict=True):
            assert translation["text"] == target
            assert_offsets_hold(source, translation)


def test_an_article_keeps_its_paragraphs(server: Server, pairs: list[tuple[str, str]]) -> None:
    sentences = [pair for pair in pairs if pair[0].endswith(".") and len(pair[0]) > 40][:6]
    text = "\n\n".join(f"  {a[0]} {b[0]}" for a, b in zip(sentences[::2], sentences[1::2], strict=True)) + "\n"
    expected = "\n\n".join(f"  {a[1]} {b[1]}" for a, b in zip(sentences[::2], sentences[1::2], strict=True)) + "\n"
    [translation] = server.translate(text, source_lang="de", include_segments=True)["translations"]
    assert translation["text"] == expected
    assert_offsets_hold(text, translation)


def test_every_answer_says_that_the_model_is_a_toy(server: Server) -> None:
    assert server.translate("Nein.")["models"][0]["tier"] == "demo"


def test_a_text_that_the_toy_does_not_know_keeps_structure_and_offsets(server: Server) -> None:
    text = "Überschrift ohne Punkt\n\nEin Satz, den niemand „auswendig“ kennt: 17,5 %! 🙂 Und noch einer?\n\n– – –\n"
    [translation] = server.translate(text, source_lang="de", include_segments=True)["translations"]
    assert_offsets_hold(text, translation)
    assert translation["text"].endswith("\n\n– – –\n")
    assert translation["text"].count("\n\n") == 2


def test_an_updated_story_is_translated_again_only_where_it_changed(
    server: Server, pairs: list[tuple[str, str]]
) -> None:
    known = [source for source, _ in pairs if source.endswith(".")][:10]
    server.translate(" ".join(known), source_lang="de")
    updated = " ".join([*known[:5], "Nachtrag von heute.", *known[5:]])
    usage = server.translate(updated, source_lang="de")["usage"]
    assert usage["segments"] - usage["segments_cached"] == 1


def test_no_store_keeps_embargoed_copy_out_of_the_cache(server: Server) -> None:
    text = "Dieser Satz steht unter Sperrfrist."
    for _ in range(2):
        usage = server.translate(text, headers={"Cache-Control": "no-store"}, source_lang="de")["usage"]
        assert usage["segments_cached"] == 0


def test_sixty_clients_at_once_each_get_their_own_answer(server: Server, pairs: list[tuple[str, str]]) -> None:
    chance = random.Random(1)
    requests_ = [chance.sample(pairs, 4) for _ in range(120)]
    with ThreadPoolExecutor(60) as pool:
        answers = pool.map(lambda batch: server.translate([source for source, _ in batch], source_lang="de"), requests_)
        for batch, answer in zip(requests_, answers, strict=True):
            assert [each["text"] for each in answer["translations"]] == [target for _, target in batch]


def test_an_over_long_sentence_is_split_and_nothing_of_it_is_lost(server: Server) -> None:
    text = "Der Bericht nennt " + ", ".join(f"Ort{number} und Stadt{number}" for number in range(200)) + "."
    [translation] = server.translate(text, source_lang="de", include_segments=True)["translations"]
    assert "split" in translation["segments"][0]["flags"]


@pytest.mark.parametrize("length", [10, 1000])
def test_text_without_letters_costs_nothing_and_changes_nothing(server: Server, length: int) -> None:
    text = "12,5 % – 🙂\n" * length
    assert server.translate(text)["translations"][0]["text"] == text


def test_headers_tell_where_the_time_went_and_whose_request_it_was(server: Server) -> None:
    answer = requests.post(
        server.url("/v1/translate"), json={"text": "Nein."}, headers={"X-Request-ID": "cms-4711"}, timeout=30
    )
    assert answer.headers["X-Request-ID"] == "cms-4711"
    stages = {part.split(";")[0].strip() for part in answer.headers["Server-Timing"].split(",")}
    assert {"segment", "cache", "queue", "engine"} <= stages


def test_a_body_without_content_length_is_read_and_its_limit_holds(server: Server) -> None:
    """A chunked upload must not get around the limit."""
    answer = requests.post(
        server.url("/v1/translate"),
        data=iter([b'{"text": "', b"x" * 9_000_000, b'"}']),
        headers={"Content-Type": "application/json"},
        timeout=30,
    )
    assert answer.status_code == 413


def test_metrics_count_what_happened(server: Server) -> None:
    server.translate("Nein.")
    page = requests.get(server.url("/metrics"), timeout=5).text
    for name in ("depesche_requests_total", "depesche_batch_segments", "depesche_cache_hits", "depesche_queue"):
        assert name in page


def test_no_text_in_logs_or_metrics(home: Path) -> None:
    secret = "Geheimwort Xylophonkonzert"
    with Server(home, DEPESCHE_LOG_LEVEL="debug", DEPESCHE_LOG_FORMAT="json") as server:
        server.translate(f"{secret} wurde 1987 gespielt.", source_lang="de")
        server.translate(f"{secret} " * 600, source_lang="de")
        requests.post(server.url("/v1/translate"), data=f'{{"text": {secret}', timeout=5)
        requests.post(server.url("/v1/translate"), json={"text": {"x": secret}, secret: 1}, timeout=5)
        requests.get(server.url(f"/{secret}"), timeout=5)
        metrics = requests.get(server.url("/metrics"), timeout=5).text
    assert "Xylophon" not in server.log.read_text()
    assert "Xylophon" not in metrics
