"""Starts, crashes and reloads that go wrong: the process ends or says so, and what serves goes on serving."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.core.fakes import eventually
from tests.e2e.server import ROOT, Server
from tests.e2e.test_operations import run

# A translator that dies of what no handler catches, once a file "poison" is in the working directory, and can't be made
# once a file "broken" is. It is patched below everything that is ours, in the process that serves.
POISON = """
import pathlib, ctranslate2
Translator = ctranslate2.Translator
def made(*args, **kwargs):
    if pathlib.Path("broken").exists():
        raise RuntimeError("no memory for it")
    return Translator(*args, **kwargs)
translate_batch = ctranslate2.Translator.translate_batch
def poisoned(*args, **kwargs):
    if pathlib.Path("poison").exists():
        raise SystemExit
    return translate_batch(*args, **kwargs)
Translator.translate_batch = poisoned
ctranslate2.Translator = made
"""


@pytest.fixture
def poisonable(home: Path) -> Iterator[Server]:
    home.mkdir()
    (home / "sitecustomize.py").write_text(POISON)
    with Server(home, PYTHONPATH=f"{home}{os.pathsep}{ROOT}") as running:
        yield running


def ready(server: Server) -> bool:
    try:
        return requests.get(server.url("/readyz"), timeout=5).status_code == 200
    except requests.RequestException:
        return False


def worker_pid(server: Server) -> int | None:
    try:
        return server.worker_pid()
    except IndexError:
        return None


@pytest.fixture
def models(home: Path) -> Path:
    """A folder of models of the test's own."""
    folder = home / "models"
    for name in ("demo-de-en", "demo-summarizer-en"):
        shutil.copytree(ROOT / "model_cache" / name, folder / name)
    return folder


def damage(models: Path) -> None:
    """Other weights of the same size."""
    (weights,) = (models / "demo-de-en").rglob("model.bin")
    size = weights.stat().st_size
    weights.unlink()
    weights.write_bytes(b"damaged " * (size // 8) + b"x" * (size % 8))


def test_damaged_weights_of_the_right_size_are_found_before_anything_starts(home: Path, models: Path) -> None:
    """They would answer nonsense, and the cache would keep it."""
    damage(models)
    result = run(home, "serve", DEPESCHE_MODEL_CACHE=str(models), DEPESCHE_PORT="0")
    assert result.returncode == 1
    assert result.stderr.count("demo-de-en is damaged") == 1
    assert "Booting worker" not in result.stderr


def test_models_that_cannot_be_loaded_end_the_service_with_one_reason(home: Path) -> None:
    home.mkdir()
    (home / "sitecustomize.py").write_text(POISON)
    (home / "broken").touch()
    result = run(home, "serve", DEPESCHE_PORT="0", PYTHONPATH=f"{home}{os.pathsep}{ROOT}")
    assert result.returncode not in (0, None)
    assert result.stderr.count("models could not be loaded") == 1
    assert result.stderr.count("Booting worker") == 1


def test_liveness_fails_once_threads_that_translate_are_dead(poisonable: Server) -> None:
    assert requests.get(poisonable.url("/livez"), timeout=5).status_code == 200
    (poisonable.home / "poison").touch()
    body = {"text": "Ja.", "source_lang": "de"}
    assert requests.post(poisonable.url("/v1/translate"), json=body, timeout=30).status_code >= 500
    answer = requests.get(poisonable.url("/livez"), timeout=5)
    assert answer.status_code == 503
    assert "threads alive" in answer.json()["reasons"][0]


def test_a_worker_that_keeps_dying_is_replaced_after_growing_pauses(home: Path) -> None:
    with Server(home) as server:
        for pause in (1, 2):
            pid = server.worker_pid()
            os.kill(pid, signal.SIGKILL)
            assert eventually(lambda pid=pid: worker_pid(server) not in (None, pid) and ready(server), 30)  # type: ignore[misc]
            assert f"another one starts in {pause} s" in server.log.read_text()


def test_a_reload_with_settings_that_cannot_be_used_changes_nothing(home: Path) -> None:
    home.mkdir()
    keys = home / "keys.txt"
    keys.write_text(run(home, "hash-key", text="a-long-random-key\n").stdout)
    settings = home / "depesche.env"
    settings.write_text("DEPESCHE_MAX_CHARACTERS=1000\n")
    with Server(home, DEPESCHE_API_KEYS_FILE=str(keys)) as server:
        pid = server.worker_pid()
        for file, content, reason in [
            (keys, "no key\n", "DEPESCHE_API_KEYS_FILE"),
            (settings, "DEPESCHE_MAX_CHARACTERS=many\n", "DEPESCHE_MAX_CHARACTERS"),
        ]:
            good = file.read_text()
            file.write_text(content)
            told = server.log.stat().st_size
            server.process.send_signal(signal.SIGHUP)
            assert eventually(lambda told=told, reason=reason: reason in server.log.read_text()[told:], 20)  # type: ignore[misc]
            assert server.translate("Nein.", headers={"Authorization": "Bearer a-long-random-key"})
            assert server.worker_pid() == pid
            file.write_text(good)


def test_a_reload_with_damaged_models_changes_nothing(home: Path, models: Path) -> None:
    with Server(home, DEPESCHE_MODEL_CACHE=str(models)) as server:
        pid = server.worker_pid()
        damage(models)
        server.process.send_signal(signal.SIGHUP)
        assert eventually(lambda: "demo-de-en is damaged" in server.log.read_text(), 30)
        assert server.translate("Nein.", source_lang="de")
        assert server.worker_pid() == pid


def test_a_reload_whose_models_cannot_be_loaded_leaves_the_old_worker(poisonable: Server) -> None:
    pid = poisonable.worker_pid()
    (poisonable.home / "broken").touch()
    poisonable.process.send_signal(signal.SIGHUP)
    assert eventually(lambda: "the old one goes on" in poisonable.log.read_text(), 30)
    assert poisonable.translate("Nein.", source_lang="de")
    assert poisonable.worker_pid() == pid


def test_a_reload_is_served_by_the_old_worker_until_the_new_one_is_ready(home: Path) -> None:
    home.mkdir()
    settings = home / "depesche.env"
    settings.write_text("DEPESCHE_MAX_TEXTS_TRANSLATE=2\n")
    with Server(home) as server:
        old = server.worker_pid()
        settings.write_text("DEPESCHE_MAX_TEXTS_TRANSLATE=1\n")
        statuses: list[int] = []
        over = threading.Event()

        def ask() -> None:
            body = {"text": "Nein.", "source_lang": "de"}
            while not over.wait(0.02):
                statuses.append(requests.post(server.url("/v1/translate"), json=body, timeout=30).status_code)

        thread = threading.Thread(target=ask)
        thread.start()
        server.process.send_signal(signal.SIGHUP)
        replaced = eventually(lambda: worker_pid(server) not in (None, old), 60)
        over.set()
        thread.join()
        assert replaced
        assert set(statuses) == {200}
        body = {"text": ["Nein.", "Ja."]}
        assert requests.post(server.url("/v1/translate"), json=body, timeout=30).status_code == 422
        assert server.stop() == 0
