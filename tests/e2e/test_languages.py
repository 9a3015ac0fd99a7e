"""Several languages in one process: both directions, a pair from a user's own file, two models joined, lazy loading."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from openapi_schema_validator import OAS31Validator

from tests.committed import STORE
from tests.e2e.server import Server
from tests.e2e.test_operations import run
from tests.e2e.test_translate import assert_offsets_hold

HOUSE_FILE = """
[models.house-nl-en]
task = "translation"
source_languages = ["nl"]
target_languages = ["en"]
tier = "evaluation"
tokenizer = "marian"
licence = "CC-BY-4.0"
attribution = "The house"
max_source_tokens = 511
max_target_tokens = 510
source_suffix = ["</s>"]

[profiles.house]
description = "Dutch by our own model, English to German by the demo model"
models = ["house-nl-en", "demo-en-de"]

[profiles.starter-and-demo]
description = "The starter one way, the demo model the other way"
models = ["starter-de-en", "demo-en-de"]
"""


def pairs_of(server: Server, task: str = "translation") -> dict[tuple[str, str], dict[str, Any]]:
    languages = requests.get(server.url("/v1/languages"), timeout=10).json()["languages"]
    return {(each["source_lang"], each["target_lang"]): each for each in languages if each["task"] == task}


def test_both_directions_are_served_by_one_process(server: Server, pairs: list[tuple[str, str]]) -> None:
    """The whole demo corpus, the other way round."""
    english: dict[str, str] = {}
    for german, target in pairs:
        english.setdefault(target, german)
    texts = list(english)
    for start in range(0, len(texts), 64):
        batch = texts[start : start + 64]
        answer = server.translate(batch, source_lang="en", target_lang="de", include_segments=True)
        for text, translation in zip(batch, answer["translations"], strict=True):
            assert translation["text"] == english[text]
            assert translation["model"] == "demo-en-de"
            assert_offsets_hold(text, translation)
        assert [model["id"] for model in answer["models"]] == ["demo-en-de"]
    assert set(pairs_of(server)) == {("de", "en"), ("en", "de")}


def test_into_german_the_language_of_an_english_text_is_found(server: Server) -> None:
    text = "The council will vote on the new budget next Thursday, the mayor's office said."
    [translation] = server.translate(text, target_lang="de")["translations"]
    assert (translation["source_lang"], translation["model"]) == ("en", "demo-en-de")


def test_an_english_sentence_in_a_german_article_stays_and_the_german_around_it_is_translated(server: Server) -> None:
    german = "Die Zahl der Arbeitslosen sank um 18.000 auf 2,79 Millionen."
    english = "The council will vote on the new budget next Thursday, the mayor's office said."
    text = f"{german}\n\n{english} {german}"
    [translation] = server.translate(text, include_segments=True)["translations"]
    done = "The number of unemployed fell by 18,000 to 2.79 million."
    assert translation["text"] == f"{done}\n\n{english} {done}"
    assert translation["warnings"] == ["mixed_languages"]
    assert [segment["source_lang"] for segment in translation["segments"]] == ["de", "en", "de"]


@pytest.mark.parametrize(("source", "target"), [("deu", "EN-US"), ("ger", "en_GB"), ("de_DE", "eng"), ("und", "EN")])
def test_codes_are_the_same_on_every_endpoint_and_in_the_command(
    server: Server, home: Path, source: str, target: str
) -> None:
    text = "Die Zahl der Arbeitslosen sank um 18.000 auf 2,79 Millionen."
    done = "The number of unemployed fell by 18,000 to 2.79 million."
    assert server.translate(text, source_lang=source, target_lang=target)["translations"][0]["text"] == done
    summary = server.summarize(text, source_lang=source, target_lang=target)["summaries"][0]
    assert (summary["text"], summary["target_lang"]) == (done, "en")
    if source == "deu":
        assert run(home, "translate", "--from", source, "--to", target, text=text).stdout == done


@pytest.mark.slow
def test_a_pair_is_added_by_toml_alone_and_joins_the_others_in_english(home: Path) -> None:
    """The snapshot is a toy's that is said to read Dutch; what counts is that no code knows of it."""
    home.mkdir()
    (home / "house.toml").write_text(HOUSE_FILE, encoding="utf-8")
    snapshot = home / "snapshot"
    shutil.copytree(STORE.get("demo-de-en").snapshot_dir, snapshot)
    config = json.loads((snapshot / "tokenizer_config.json").read_text())
    (snapshot / "tokenizer_config.json").write_text(json.dumps(config | {"source_lang": "nl"}))
    settings = {"DEPESCHE_MODELS_FILE": str(home / "house.toml"), "DEPESCHE_MODEL_CACHE": str(home / "models")}
    imported = run(home, "models", "import", str(snapshot), "--as", "house-nl-en", **settings)
    assert imported.returncode == 0, imported.stderr
    with Server(home, DEPESCHE_PROFILE="house", **settings) as server:
        found = pairs_of(server)
        assert {pair: each["pivot"] for pair, each in found.items()} == {
            ("nl", "en"): False,
            ("en", "de"): False,
            ("nl", "de"): True,
        }
        assert found["nl", "de"]["models"] == ["house-nl-en", "demo-en-de"]
        direct = server.translate("Die Sitzung ist beendet.", source_lang="nl")
        assert direct["translations"][0]["model"] == "house-nl-en"
        joined = server.translate("Die Sitzung ist beendet.", source_lang="nl", target_lang="de")
        [translation] = joined["translations"]
        assert (translation["text"], translation["warnings"]) == ("Die Sitzung ist beendet.", ["pivot"])
        assert [model["id"] for model in joined["models"]] == ["house-nl-en", "demo-en-de"]
        assert ("nl", "nl") in pairs_of(server, "summarization")


def test_the_starter_beside_a_demo_model(home: Path) -> None:
    home.mkdir()
    (home / "house.toml").write_text(HOUSE_FILE, encoding="utf-8")
    with Server(home, DEPESCHE_PROFILE="starter-and-demo", DEPESCHE_MODELS_FILE=str(home / "house.toml")) as server:
        answer = server.translate(["Der Ministerpräsident trat zurück."], source_lang="de")
        assert answer["translations"][0]["model"] == "starter-de-en"
        back = server.translate(["The session is over."], source_lang="en", target_lang="de")
        assert back["translations"][0]["model"] == "demo-en-de"
        threads = sum(
            1
            for task in Path(f"/proc/{server.worker_pid()}/task").iterdir()
            if (task / "comm").read_text().startswith(("dispatcher", "express"))
        )
        page = requests.get(server.url("/metrics"), timeout=5).text
        expected = next(
            line for line in page.splitlines() if line.startswith('depesche_dispatcher_threads{state="expected"}')
        )
        assert threads in (0, float(expected.rsplit(" ", 1)[1]))  # 0 where the interpreter doesn't name its threads


def test_models_are_loaded_on_first_use_and_let_go_when_idle(home: Path) -> None:
    with Server(home, DEPESCHE_LOAD="lazy", DEPESCHE_UNLOAD_AFTER_SECONDS="1") as server:

        def loaded() -> set[str]:
            models = requests.get(server.url("/v1/models"), timeout=5).json()["models"]
            return {model["id"] for model in models if model["ready"]}

        def in_metrics() -> bool:
            page = requests.get(server.url("/metrics"), timeout=5).text
            return 'depesche_model_memory_bytes{model="demo-de-en"}' in page

        assert loaded() == set()
        server.translate("Die Sitzung ist beendet.", source_lang="de")
        assert "demo-de-en" in loaded()
        assert "demo-en-de" not in loaded()
        assert in_metrics()
        give_up = time.monotonic() + 20
        while loaded() and time.monotonic() < give_up:
            time.sleep(0.2)
        assert loaded() == set()
        assert not in_metrics()
        assert server.translate("Nein, danke.", source_lang="de")["models"][0]["id"] == "demo-de-en"


def test_served_contract_calls_valid_just_what_is_answered(server: Server) -> None:
    contract = yaml.safe_load(requests.get(server.url("/openapi.yaml"), timeout=10).content)
    codes = ["auto", "und", "de", "DE-at", "ger", "en", "ENG", "fr", "xx"]
    methods: dict[str, tuple[str, list[dict[str, str]]]] = {
        "translate": ("TranslateRequest", [{}]),
        "summarize": ("SummarizeRequest", [{}, {"method": "abstractive"}]),
    }
    for name, (schema, options) in methods.items():
        validator = OAS31Validator(contract["components"]["schemas"][schema])
        for source in codes:
            for target in [None, *codes]:
                for more in options:
                    body = {"text": "Guten Morgen.", "source_lang": source, **more}
                    if target is not None:
                        body["target_lang"] = target
                    status = requests.post(server.url(f"/v1/{name}"), json=body, timeout=30).status_code
                    if "method" in more and target is None and source in ("auto", "und"):
                        continue  # the text decides
                    assert validator.is_valid(body) == (status == 200), (body, status)
