"""Settings from the environment and a file: what is taken, what is refused, and what is said about it."""

from __future__ import annotations

import ast
import inspect
import os
import textwrap
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import ValidationError

from service.core.errors import DepescheError
from service.settings import Settings, SettingsError, effective, load_settings


def load(tmp_path: Path, file: str | None = None, **environ: str) -> Settings:
    if file is not None:
        (tmp_path / "depesche.env").write_text(file, encoding="utf-8")
    return load_settings({f"DEPESCHE_{name}": value for name, value in environ.items()}, tmp_path)


def refusal(tmp_path: Path, file: str | None = None, **environ: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, file, **environ)
    return str(caught.value)


def test_defaults_need_nothing(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert (settings.host, settings.port, settings.engine, settings.profile) == (
        "127.0.0.1",
        8000,
        "ctranslate2",
        "auto",
    )
    assert settings.threads > settings.max_concurrent_requests


def test_environment_goes_before_file_before_default(tmp_path: Path) -> None:
    settings = load(tmp_path, "DEPESCHE_PORT=1111\nDEPESCHE_HOST=::1\n", PORT="2222")
    rows = {name: (value, origin) for name, value, origin in effective(settings)}
    assert rows["DEPESCHE_PORT"] == ("2222", "environment")
    assert rows["DEPESCHE_HOST"] == ("::1", "file")
    assert rows["DEPESCHE_OFFLINE"] == ("false", "default")


def test_other_names_in_the_environment_are_none_of_our_business() -> None:
    assert load_settings({"PATH": "/bin", "PORT": "x", "DEPESCHEN": "1"}, Path("/nonexistent")).port == 8000


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    message = refusal(tmp_path, "DEPESCHE_REPLICA=2\nPORT=1\n", PORT="eighty", THREADS="3", LOG_LEVEL="loud")
    assert "5 settings" in message
    for part in (
        "DEPESCHE_REPLICA='2': unknown name in the file; did you mean DEPESCHE_REPLICAS?",
        "PORT='1': unknown name in the file; did you mean DEPESCHE_PORT?",
        "DEPESCHE_PORT='eighty': ",
        "DEPESCHE_THREADS='3': must be more than max_concurrent_requests, which is 64",
        "DEPESCHE_LOG_LEVEL='loud': ",
    ):
        assert part in message


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [("PROT", "DEPESCHE_PORT"), ("CACHE_MEMORY_BYTE", "DEPESCHE_CACHE_MEMORY_BYTES"), ("port", "DEPESCHE_PORT")],
)
def test_a_misspelt_name_gets_a_suggestion(tmp_path: Path, name: str, suggestion: str) -> None:
    assert f"did you mean {suggestion}?" in refusal(tmp_path, **{name: "1"})


def test_a_name_like_nothing_gets_no_suggestion(tmp_path: Path) -> None:
    assert "did you mean" not in refusal(tmp_path, XYLOPHONE="1")


@pytest.mark.parametrize("case", ["depesche_port", "Depesche_Port"])
def test_the_prefix_is_recognized_in_any_case_but_taken_in_capitals(case: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="did you mean DEPESCHE_PORT"):
        load_settings({case: "1"}, tmp_path)


def test_secrets_are_masked_in_refusals_and_in_the_list(tmp_path: Path) -> None:
    message = refusal(tmp_path, API_KEY="s3cret", HUB_TOKEN="s3cret", HUB_ENDPOINT="ftp://me:s3cret@hub.example")
    assert "s3cret" not in message
    assert "hub.example" in message
    rows = {name: value for name, value, _ in effective(load(tmp_path, HUB_ENDPOINT="https://me:s3cret@hub.example"))}
    assert rows["DEPESCHE_HUB_ENDPOINT"] == "https://********@hub.example"
    assert rows["DEPESCHE_QUEUE_TOKENS"] == "1000000"


def test_names_that_kubernetes_injects_are_explained(tmp_path: Path) -> None:
    message = refusal(tmp_path, SERVICE_HOST="10.0.0.1", PORT="tcp://10.0.0.1:80", PORT_80_TCP_ADDR="10.0.0.1")
    assert message.count("enableServiceLinks") == 3


@pytest.mark.parametrize(
    ("written", "bytes_"),
    [
        ("0", 0),
        ("1_000_000", 1_000_000),
        ("256MiB", 256 << 20),
        ("2 gb", 2_000_000_000),
        ("1.5KiB", 1536),
    ],
)
def test_sizes_take_units(tmp_path: Path, written: str, bytes_: int) -> None:
    assert load(tmp_path, CACHE_DISK_BYTES=written).cache_disk_bytes == bytes_


@pytest.mark.parametrize("written", ["", "-1", "12 parsecs", "MiB", "1e9", "٣"])
def test_other_sizes_are_refused(tmp_path: Path, written: str) -> None:
    assert "DEPESCHE_CACHE_DISK_BYTES" in refusal(tmp_path, CACHE_DISK_BYTES=written)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "65536"),
        ("PORT", ""),
        ("HOST", ""),
        ("MAX_TEXTS_TRANSLATE", "65"),
        ("MAX_TEXTS_SUMMARIZE", "17"),
        ("LANGUAGE_CONFIDENCE", "1.1"),
        ("DEADLINE_INTERACTIVE_SECONDS", "0"),
        ("DEADLINE_BULK_SECONDS", "59"),
        ("DEADLINE_BULK_SECONDS", "nan"),
        ("DRAIN_SECONDS", "inf"),
        ("OFFLINE", "perhaps"),
        ("ENGINE", "onnx"),
        ("COMPUTE_TYPE", "int4"),
        ("PROFILE", "../etc"),
        ("HUB_ENDPOINT", "hub.example"),
        ("MODEL_CACHE", ""),
        ("DEFAULT_SOURCE_LANG", "German"),
    ],
)
def test_bad_values_are_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    assert f"DEPESCHE_{name}={value!r}: " in refusal(tmp_path, **{name: value})


def test_a_compute_type_belongs_to_its_engine(tmp_path: Path) -> None:
    assert load(tmp_path).resolved_compute_type == "int8"
    assert load(tmp_path, ENGINE="transformers").resolved_compute_type == "float32"
    assert load(tmp_path, ENGINE="transformers", COMPUTE_TYPE="bfloat16").resolved_compute_type == "bfloat16"
    assert "transformers knows auto, float32" in refusal(tmp_path, ENGINE="transformers", COMPUTE_TYPE="int8")


@pytest.mark.parametrize("name", ["CACHE_DIR", "API_KEYS_FILE", "MODELS_FILE", "HUB_ENDPOINT"])
def test_an_empty_value_switches_off(tmp_path: Path, name: str) -> None:
    settings = load(tmp_path, **{name: ""})
    assert getattr(settings, name.lower()) is None
    assert (f"DEPESCHE_{name}", "", "environment") in effective(settings)


def test_the_cache_goes_where_xdg_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert load(tmp_path).cache_dir == tmp_path / "depesche"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/paths/are/invalid")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert load(tmp_path).cache_dir == Path("/home/somebody/.cache/depesche")


def test_a_tilde_is_the_home_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    assert load(tmp_path, MODEL_CACHE="~/models").model_cache == Path("/home/somebody/models")


def test_the_file_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "other.env").write_text("# ours\nexport DEPESCHE_PORT='1234'  # quoted\n\n", encoding="utf-8")
    assert load(tmp_path, "DEPESCHE_PORT=1", ENV_FILE="other.env").port == 1234


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    assert "DEPESCHE_ENV_FILE='gone.env': there is no such file" in refusal(tmp_path, ENV_FILE="gone.env")


def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "depesche.env").write_bytes(b"DEPESCHE_PORT=\xff\xfe")
    assert "UTF-8" in refusal(tmp_path)
    assert "can't be read" in refusal(tmp_path, ENV_FILE="..")


def test_bad_lines_of_the_file_are_told(tmp_path: Path) -> None:
    message = refusal(tmp_path, "DEPESCHE_PORT=1\nthis is prose\nDEPESCHE_OFFLINE\n")
    assert "depesche.env, line 2: can't be read" in message
    assert "DEPESCHE_OFFLINE: has no value (depesche.env, line 3)" in message


def test_the_file_cannot_name_another_file(tmp_path: Path) -> None:
    assert "DEPESCHE_ENV_FILE" in refusal(tmp_path, "DEPESCHE_ENV_FILE=x\n")


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1


def test_settings_read_nothing_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise every test would depend on the shell that it runs in."""
    monkeypatch.setenv("DEPESCHE_PORT", "1")
    assert Settings().port == 8000
    assert Settings(port=2).port == 2


def test_the_environment_of_the_process_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith("DEPESCHE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DEPESCHE_PORT", "4321")
    monkeypatch.chdir(tmp_path)
    assert load_settings().port == 4321


def test_every_setting_is_explained() -> None:
    [tree] = ast.parse(textwrap.dedent(inspect.getsource(Settings))).body
    assert isinstance(tree, ast.ClassDef)
    explained = {
        line.target.id
        for line, following in pairwise(tree.body)
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
        if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
        if isinstance(following.value.value, str) and following.value.value.strip()
    }
    assert set(Settings.model_fields) - explained == set()


def test_the_refusal_is_one_of_our_errors() -> None:
    assert issubclass(SettingsError, DepescheError)


def test_replicas_default_to_cores_and_share_them_with_intra_threads() -> None:
    assert Settings(replicas=3).resolved_replicas == 3
    assert Settings(intra_threads=1024).resolved_replicas == 1
    assert Settings().resolved_replicas >= 1


def test_the_log_format_follows_the_terminal_unless_chosen() -> None:
    assert Settings(log_format="console").resolved_log_format == "console"
    assert Settings().resolved_log_format in ("json", "console")


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"ENGINE": "ctranslate2", "DEVICE": "cuda"}, "ctranslate2 runs on the CPU"),
        ({"ENGINE": "transformers", "REPLICAS": "4"}, "transformers runs one batch at a time"),
        ({"ENGINE": "transformers", "INTRA_THREADS": "2"}, "transformers runs one batch at a time"),
    ],
)
def test_what_the_engine_would_ignore_is_refused(tmp_path: Path, settings: dict[str, str], reason: str) -> None:
    assert reason in refusal(tmp_path, **settings)


def test_transformers_runs_one_batch_whatever_the_machine_has(tmp_path: Path) -> None:
    assert load(tmp_path, ENGINE="transformers").resolved_replicas == 1


@pytest.mark.parametrize(
    ("host", "bind", "url"),
    [
        ("127.0.0.1", "127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("0.0.0.0", "0.0.0.0:8000", "http://127.0.0.1:8000"),
        ("::", "[::]:8000", "http://[::1]:8000"),
        ("::1", "[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_where_to_listen_and_where_to_be_found(host: str, bind: str, url: str) -> None:
    assert (Settings(host=host).bind, Settings(host=host).url) == (bind, url)
