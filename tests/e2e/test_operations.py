"""The service as a process: start, stop, crash, broken disk, what it imports."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

from tests.e2e.server import ROOT, Server, environment


def run(home: Path, *arguments: str, text: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """`depesche ARGUMENTS` with `text` on standard input."""
    home.mkdir(parents=True, exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "service.cli", *arguments],
        input=text,
        capture_output=True,
        text=True,
        cwd=home,
        env=environment(home, **{"PYTHONPATH": str(ROOT), **settings}),
        timeout=100,
        check=False,
    )


def test_serving_with_ctranslate2_imports_neither_torch_nor_transformers(server: Server) -> None:
    server.translate("Nein.")
    maps = Path(f"/proc/{server.worker_pid()}/maps").read_text()
    assert "ctranslate2" in maps
    assert "/torch/" not in maps
    script = (
        "import sys\n"
        "from service import bootstrap\n"
        "with bootstrap.open_local_service(bootstrap.load_settings()) as local:\n"
        "    local.translate('Nein.', 'de', 'en', with_segments=True)\n"
        "print(sorted({'torch', 'transformers', 'tensorflow'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(server.home),
        check=True,
    )
    assert result.stdout.strip() == "[]"


def test_the_greeting_is_a_command_that_works_as_printed(server: Server) -> None:
    log = server.log.read_text()
    command = log[log.index("curl -s") : log.index("note ")]
    answer = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True).stdout
    assert "The prime minister" in answer or "premier" in answer


def test_sigterm_answers_what_was_begun_and_exits_cleanly(home: Path) -> None:
    with Server(home) as server:
        answers: list[int] = []

        def ask() -> None:
            text = " ".join(f"Satz Nummer {number} mit etwas Inhalt." for number in range(150))
            answers.append(requests.post(server.url("/v1/translate"), json={"text": text}, timeout=60).status_code)

        thread = threading.Thread(target=ask)
        thread.start()
        time.sleep(0.2)
        assert server.stop() == 0
        thread.join(30)
    assert answers == [200]


def test_after_kill_9_the_cache_still_answers(home: Path) -> None:
    text = "Ein Satz für den nächsten Start."
    with Server(home) as server:
        server.translate(text, source_lang="de")
        time.sleep(1.0)  # the writer behind the cache on disk gathers entries for a moment
        os.kill(server.worker_pid(), signal.SIGKILL)
        server.stop(signal.SIGKILL)
    with Server(home) as server:
        usage = server.translate(text, source_lang="de")["usage"]
    assert usage["segments_cached"] == usage["segments"]


@pytest.mark.parametrize("damage", ["garbage", "a file in its place", "empty"])
def test_a_broken_cache_costs_speed_not_answers(home: Path, damage: str) -> None:
    home.mkdir()
    folder = home / "cache"
    if damage == "a file in its place":
        folder.write_text("not a folder")
    else:
        folder.mkdir()
        (folder / "cache-v1.sqlite3").write_bytes(b"garbage " * 4096 if damage == "garbage" else b"")
    with Server(home) as server:
        assert server.translate("Nein.")["translations"][0]["text"] == "No."


def test_a_second_service_on_the_same_port_says_so_and_exits(server: Server, tmp_path: Path) -> None:
    result = run(tmp_path / "other", "serve", DEPESCHE_PORT=str(server.port))
    assert result.returncode == 1
    assert "DEPESCHE_PORT" in result.stderr
    assert "Traceback" not in result.stderr


def test_unknown_settings_are_refused_with_a_suggestion(home: Path) -> None:
    result = run(home, "serve", DEPESCHE_PROT="8001")
    assert result.returncode == 1
    assert "DEPESCHE_PROT" in result.stderr
    assert "DEPESCHE_PORT" in result.stderr


def test_a_profile_that_is_not_installed_is_refused_with_the_way_out(home: Path) -> None:
    result = run(home, "serve", DEPESCHE_PROFILE="newsroom", DEPESCHE_MODEL_CACHE=str(home / "models"))
    assert result.returncode == 1
    assert "depesche models pull newsroom" in result.stderr


def test_pull_without_a_network_names_the_cause_and_the_way_out(home: Path) -> None:
    result = run(home, "models", "pull", "newsroom", DEPESCHE_MODEL_CACHE=str(home / "models"))
    assert result.returncode == 1
    assert "DEPESCHE_OFFLINE" in result.stderr
    assert "depesche models import" in result.stderr


def test_an_unreachable_hub_falls_back_to_the_starter_with_a_clear_line(home: Path) -> None:
    result = run(
        home,
        "models",
        "ensure",
        DEPESCHE_PROFILE="auto",
        DEPESCHE_OFFLINE="0",
        DEPESCHE_HUB_ENDPOINT="http://127.0.0.1:9",
        DEPESCHE_MODEL_CACHE=str(home / "models"),
    )
    assert result.returncode == 0
    assert "'starter'" in result.stdout
    assert "not for publication" in result.stdout


def test_readiness_and_liveness(server: Server) -> None:
    assert requests.get(server.url("/livez"), timeout=5).status_code == 200
    assert requests.get(server.url("/readyz"), timeout=5).status_code == 200
    health = run(server.home, "health", DEPESCHE_PORT=str(server.port))
    assert (health.returncode, health.stdout.strip()) == (0, "ready")


def test_keys_close_the_service(home: Path) -> None:
    home.mkdir()
    line = run(home, "hash-key", text="a-long-random-key\n").stdout.replace("name-of-the-caller", "cms")
    (home / "keys.txt").write_text(line)
    with Server(home, DEPESCHE_API_KEYS_FILE=str(home / "keys.txt")) as server:
        body = {"text": "Nein."}
        assert requests.post(server.url("/v1/translate"), json=body, timeout=5).status_code == 401
        assert server.translate("Nein.", headers={"Authorization": "Bearer a-long-random-key"})


@pytest.mark.parametrize(("host", "url"), [("::1", "http://[::1]:"), ("127.0.0.1", "http://127.0.0.1:")])
def test_the_greeting_tells_the_port_that_the_system_chose(home: Path, host: str, url: str) -> None:
    home.mkdir()
    with subprocess.Popen(
        [sys.executable, "-m", "service.cli", "serve"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=home,
        env=environment(home, PYTHONPATH=str(ROOT), DEPESCHE_HOST=host, DEPESCHE_PORT="0"),
    ) as process:
        try:
            assert process.stdout is not None
            docs = next(line.split()[1] for line in process.stdout if line.strip().startswith("docs"))
            assert docs.startswith(url)
            assert requests.get(docs, timeout=10).status_code == 200
        finally:
            process.terminate()


def test_the_reference_engine_serves_the_same(home: Path, pairs: list[tuple[str, str]]) -> None:
    with Server(home, DEPESCHE_ENGINE="transformers") as server:
        answer = server.translate([source for source, _ in pairs[:8]], source_lang="de")
    assert answer["models"][0]["engine"] == "transformers"
    assert [translation["text"] for translation in answer["translations"]] == [target for _, target in pairs[:8]]
