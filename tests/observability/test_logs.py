"""The logs of a whole process, seen from outside: what arrives, in which form, and what must never arrive."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SECRET = "Die Ministerin tritt am Donnerstag zurück"

PRELUDE = f"""
import logging, threading, sys
from service.core.errors import InferenceFailed
from service.observability.logs import configure_logging
SECRET = {SECRET!r}
log = logging.getLogger("service.somewhere")
"""


def run(body: str, output: str = "json", level: str = "info") -> str:
    """What a process that configures its logs and does `body` writes to stderr and stdout."""
    done = subprocess.run(
        [sys.executable, "-c", f"{PRELUDE}\nconfigure_logging({level!r}, {output!r})\n{body}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stderr + done.stdout


def events(body: str, level: str = "info") -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(body, level=level).splitlines()]


def test_a_json_line_has_time_level_logger_and_event() -> None:
    (event,) = events('log.warning("cache file was damaged", extra={"path": "/var/cache/x", "pages": 3})')
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "cache file was damaged",
        "level": "warning",
        "logger": "service.somewhere",
        "path": "/var/cache/x",
        "pages": 3,
    }


def test_loggers_of_other_libraries_end_in_the_same_form() -> None:
    (event,) = events('logging.getLogger("somebody.else").info("answered", extra={"status": 200})')
    assert (event["event"], event["level"], event["logger"], event["status"]) == (
        "answered",
        "info",
        "somebody.else",
        200,
    )


def test_fields_do_not_take_the_place_of_what_the_record_says() -> None:
    (event,) = events('log.info("x", extra={"event": "forged", "level": "debug", "logger": "y", "timestamp": 1})')
    assert (event["event"], event["level"], event["logger"]) == ("x", "info", "service.somewhere")
    assert event["timestamp"] != 1


def test_the_level_is_kept() -> None:
    assert [event["event"] for event in events('log.info("quiet"); log.error("loud")', level="warning")] == ["loud"]


def test_a_line_break_in_a_value_does_not_make_a_second_line() -> None:
    """Otherwise whoever chooses a request id could forge log lines."""
    output = run('log.info("one\\ntwo \\x1b[31m", extra={"name_of": "a\\nb"})', output="console")
    assert len(output.splitlines()) == 1
    assert "\x1b[31mtwo" not in output


@pytest.mark.parametrize("output", ["json", "console"])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param('log.info("x", extra={"text": SECRET, "source": SECRET, "target": SECRET})', id="text keys"),
        pytest.param('log.info("x", extra={"body": SECRET, "Text": SECRET})', id="keys in any case"),
        pytest.param('log.info("x", extra={"facts": {"sentences": [SECRET], "n": 1}})', id="nested text key"),
        pytest.param('log.info("x", extra={"note": SECRET * 10})', id="long value"),
        pytest.param('log.info("x", extra={"raw": SECRET.encode()})', id="bytes"),
        pytest.param('log.info("x", extra={"job": type("Job", (), {"__repr__": lambda s: SECRET})()})', id="repr"),
        pytest.param('log.info("x %s", type("Job", (), {"__str__": lambda s: SECRET})())', id="argument's str"),
        pytest.param('log.info("x %s", [SECRET * 9])', id="list argument"),
        pytest.param('log.error("failed: %s", ValueError(SECRET))', id="exception as argument"),
        pytest.param('log.error(ValueError(SECRET))', id="exception as message"),
        pytest.param('log.error("x", extra={"error": ValueError(SECRET)})', id="exception as value"),
        pytest.param('log.error("%d", SECRET)', id="broken format"),
        pytest.param('logging.getLogger("gunicorn.error").error("bad line: %r", SECRET)', id="quoted by gunicorn"),
        pytest.param('logging.getLogger("gunicorn.error").error("Error %s", "/v1?text=" + SECRET.replace(" ", "+"))',
                     id="query string"),
        pytest.param('try:\n    int(SECRET)\nexcept ValueError:\n    log.exception("x")', id="log.exception"),
        pytest.param('try:\n    int(SECRET)\nexcept ValueError:\n    logging.getLogger("a").exception("x")',
                     id="exception of a foreign logger"),
        pytest.param('try:\n    int(SECRET)\nexcept ValueError as e:\n    raise RuntimeError(SECRET) from e',
                     id="uncaught"),
        pytest.param('t = threading.Thread(target=int, args=(SECRET,)); t.start(); t.join()', id="thread dies"),
        pytest.param('def f(local):\n    1 / 0\ntry:\n    f(SECRET)\nexcept Exception:\n    log.exception("x")',
                     id="local variable"),
        pytest.param('log.info("x", stack_info=True, extra={"text": SECRET})', id="stack info"),
        pytest.param('import warnings; warnings.warn("odd input " + repr(SECRET))', id="warning"),
    ],
)  # fmt: skip
def test_text_stays_out(body: str, output: str) -> None:
    written = run(body, output=output)
    assert written.strip() != ""
    for word in ("Ministerin", "Donnerstag"):
        assert word not in written


def test_an_exception_is_told_by_type_and_place() -> None:
    (event,) = events('def parse():\n    int("x")\ntry:\n    parse()\nexcept ValueError:\n    log.exception("failed")')
    (described,) = event["exception"]
    assert described["type"] == "ValueError"
    assert "message" not in described
    assert [line.split()[-1] for line in described["traceback"]] == ["<module>", "parse"]


def test_our_own_errors_keep_their_message_and_causes_lose_theirs() -> None:
    (event,) = events(
        "try:\n    try:\n        int(SECRET)\n    except ValueError as cause:\n"
        "        raise InferenceFailed('engine failed') from cause\n"
        "except InferenceFailed:\n    log.exception('x')"
    )
    outer, inner = event["exception"]
    assert (outer["type"], outer["message"]) == ("service.core.errors.InferenceFailed", "engine failed")
    assert inner["type"] == "ValueError"
    assert "message" not in inner


def test_counts_under_a_text_key_pass() -> None:
    (event,) = events('log.info("x", extra={"segments": 12, "tokens": 300, "summary": None})')
    assert (event["segments"], event["tokens"], event["summary"]) == (12, 300, None)


def test_a_number_that_json_cannot_hold_does_not_cost_the_line() -> None:
    (event,) = events('log.info("x", extra={"size": 2**70, "rest": float("nan")})')
    assert (event["size"], event["rest"]) == ("<int>", None)


def test_gunicorns_own_handlers_give_way() -> None:
    """gunicorn sets its loggers up before and, on a reload, after ours."""
    lines = events(
        "from gunicorn.config import Config\nfrom gunicorn.glogging import Logger\n"
        "gunicorn = Logger(Config())\nconfigure_logging('info', 'json')\n"
        "gunicorn.info('Listening at: %s', 'http://127.0.0.1:8000')\n"
        "gunicorn.setup(gunicorn.cfg)\ngunicorn.warning('again')"
    )
    assert [(line["logger"], line["event"]) for line in lines] == [
        ("gunicorn.error", "Listening at: http://127.0.0.1:8000"),
        ("gunicorn.error", "again"),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("library", ["huggingface_hub", "transformers"])
def test_libraries_imported_later_are_routed_too(library: str) -> None:
    """Both give their logger a handler of its own when first used."""
    lines = events(f"from {library}.utils import logging as theirs\ntheirs.get_logger('{library}.x').warning('hello')")
    assert [(line["logger"], line["event"]) for line in lines] == [(f"{library}.x", "hello")]


def test_configuring_twice_does_not_double_lines() -> None:
    assert len(events("configure_logging('info', 'json')\nlog.info('once')")) == 1


def test_console_lines_are_for_people() -> None:
    output = run("try:\n    1 / 0\nexcept ZeroDivisionError:\n    log.exception('it broke')", output="console")
    assert "it broke" in output
    assert "  ZeroDivisionError" in output
    assert logging.getLevelName(logging.ERROR).lower() in output


def test_console_lines_show_time_level_event_and_fields() -> None:
    (line,) = run('log.warning("it %s", "broke", extra={"pages": 3, "reason": "no room"})', "console").splitlines()
    time, level, rest = line.split(maxsplit=2)
    assert time.endswith("Z")
    assert level == "warning"
    assert rest == 'it broke  pages=3  reason="no room"  [service.somewhere]'


@pytest.mark.parametrize("output", ["json", "console"])
def test_a_line_break_in_a_key_does_not_make_a_second_line(output: str) -> None:
    assert len(run('log.info("x", extra={"a\\nb": 1})', output).splitlines()) == 1
