"""Reading request bodies: media types, sizes, malformed JSON, and every fault at once."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_schema_validator import OAS31Validator

from service.api.app import ApiOptions, create_app
from tests.api.conftest import Connect
from tests.api.fakes import FakeObserver, FakeRuntime
from tests.api.openapi_examples import load_contract, response_schema

CONTRACT = load_contract()


def post(client: FlaskClient, raw: bytes, content_type: str | None = "application/json", **headers: str) -> Any:
    return client.post("/v1/translate", data=raw, content_type=content_type, headers=headers)


def faults(answer: Any) -> list[tuple[str, str]]:
    assert answer.json["type"] == "/problems/invalid-request"
    return [(fault["pointer"], fault["reason"]) for fault in answer.json["errors"]]


def test_all_faults_come_at_once(client: FlaskClient) -> None:
    body = {
        "text": ["a", 1, None],
        "source_lang": "deutsch!",
        "include_segments": 1,
        "priority": "now",
        "a/b~c": 1,
    }
    found = dict(faults(client.post("/v1/translate", json=body)))
    assert set(found) == {"/text/1", "/text/2", "/source_lang", "/include_segments", "/priority", "/a~1b~0c"}
    assert found["/text/1"] == "must be a string"
    assert found["/priority"] == "must be 'interactive' or 'bulk'"


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ("{}", ("/text", "is required")),
        ('{"text": null}', ("/text", "must be a string or a list of strings")),
        ('{"text": {"list": 1}}', ("/text", "must be a string or a list of strings")),
        ('{"text": []}', ("/text", "must have at least 1 text")),
        ('{"text": "Gr\\ud800n"}', ("/text", "has an unpaired surrogate at code point 2")),
        ('{"text": ["a", "\\udc00"]}', ("/text/1", "has an unpaired surrogate at code point 0")),
        ('{"text": "a", "\\ud800": 1}', ("", "has an unpaired surrogate")),
        ("[]", ("", "must be a JSON object")),
        ('"text"', ("", "must be a JSON object")),
        ("1e999", ("", "must be a JSON object")),
    ],
)
def test_faults_point_at_what_was_sent(client: FlaskClient, raw: str, fault: tuple[str, str]) -> None:
    answer = post(client, raw.encode())
    assert answer.status_code == 422
    assert faults(answer) == [fault]


def test_more_texts_than_the_contract_takes_are_one_fault(client: FlaskClient) -> None:
    assert client.post("/v1/translate", json={"text": ["a"] * 64}).status_code == 200
    assert faults(client.post("/v1/translate", json={"text": ["a"] * 65})) == [("/text", "has more than 64 texts")]


def test_a_deployment_may_take_fewer_texts(connect: Connect) -> None:
    client = connect(max_texts_translate=2)
    assert client.post("/v1/translate", json={"text": ["a", "b"]}).status_code == 200
    assert faults(client.post("/v1/translate", json={"text": ["a", "b", "c"]})) == [("/text", "has more than 2 texts")]


def test_a_flood_of_faults_is_cut_and_counted(client: FlaskClient) -> None:
    answer = client.post("/v1/translate", json={f"member{number}": 1 for number in range(1000)})
    assert answer.json is not None
    assert len(answer.json["errors"]) == 100
    assert answer.json["errors_omitted"] == 901  # "text" is missing, too


def test_a_flood_of_unknown_members_hides_no_other_fault(client: FlaskClient) -> None:
    body = {f"member{number}": 1 for number in range(100_000)} | {"text": 1, "priority": "now"}
    answer = client.post("/v1/translate", json=body)
    assert answer.json is not None
    assert [fault["pointer"] for fault in answer.json["errors"][:3]] == ["/text", "/priority", "/member0"]
    assert len(answer.json["errors"]) == 100
    assert answer.json["errors_omitted"] == 99_902
    assert len(answer.data) < 20_000


def test_a_long_name_of_a_member_is_cut_in_its_pointer(client: FlaskClient) -> None:
    answer = client.post("/v1/translate", json={"text": "a", "~/" * 100 + "b" * 1_000_000: 1})
    assert faults(answer)[0][0] == "/" + "~0~1" * 100 + "…"
    answer = client.post("/v1/translate", json={"text": "a", "b" * 200: 1})
    assert faults(answer)[0][0] == "/" + "b" * 200


@pytest.mark.parametrize(
    ("raw", "words", "position"),
    [
        (b"", "empty", None),
        (b" \n", "empty", None),
        (b'{"text": "a",\n "x"}', "line 2, column 5 (character 18)", {"line": 2, "column": 5, "offset": 18}),
        ('{"text": "ä"'.encode(), "line 1, column 13 (character 12)", {"line": 1, "column": 13, "offset": 12}),
        ('{"ä": "'.encode() + b'\xff"}', "not UTF-8", {"line": 1, "column": 8, "offset": 8}),
        (b'{"text": NaN}', "NaN is no JSON number", None),
        (b'{"text": -Infinity}', "-Infinity is no JSON number", None),
        (b"[" * 100_000, "nested too deeply", None),
        (b'["\\ud800", ' + b"9" * 5000 + b"]", "too many digits", None),
        (b'{"text": "a"} {}', "line 1, column 15", {"line": 1, "column": 15, "offset": 14}),
    ],
)
def test_malformed_json_says_where(
    client: FlaskClient, raw: bytes, words: str, position: dict[str, int] | None
) -> None:
    answer = post(client, raw)
    assert (answer.status_code, answer.json["type"]) == (400, "/problems/malformed-json")
    assert words in answer.json["detail"]
    assert answer.json.get("position") == position


def test_byte_order_mark_and_escaped_pairs_are_fine(client: FlaskClient, runtime: FakeRuntime) -> None:
    assert post(client, b'\xef\xbb\xbf{"text": "\\ud83d\\ude42"}').status_code == 200
    assert runtime.calls[0]["texts"] == ["🙂"]


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "application/vnd.cms+json",
    ],
)
def test_json_media_types_are_taken(client: FlaskClient, content_type: str) -> None:
    assert post(client, b'{"text": "a"}', content_type).status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [None, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1", "image/svg+json"],
)
def test_other_media_types_are_refused(client: FlaskClient, content_type: str | None) -> None:
    answer = post(client, b'{"text": "a"}', content_type)
    assert (answer.status_code, answer.json["type"]) == (415, "/problems/unsupported-media-type")
    assert answer.headers["Accept-Post"] == "application/json"


def test_compressed_bodies_are_refused(client: FlaskClient) -> None:
    answer = post(client, b"\x1f\x8b", **{"Content-Encoding": "gzip"})
    assert answer.status_code == 415
    assert answer.headers["Accept-Encoding"] == "identity"


def test_body_over_the_limit_is_refused(connect: Connect, runtime: FakeRuntime) -> None:
    exact = b'{"text": "12345"}'
    client = connect(max_body_bytes=len(exact))
    assert post(client, exact).status_code == 200
    answer = post(client, exact + b" ")
    assert (answer.status_code, answer.json["type"]) == (413, "/problems/body-too-large")
    assert answer.json["limit"] == len(exact)
    assert len(runtime.calls) == 1


@pytest.mark.parametrize(("size", "status"), [(100, 200), (101, 413)])
def test_chunked_body_over_the_limit_is_refused(connect: Connect, size: int, status: int) -> None:
    """Without a Content-Length the limit is found while reading."""
    raw = b'{"text": "a"}'.ljust(size)
    answer = connect(max_body_bytes=100).post(
        "/v1/translate",
        input_stream=io.BytesIO(raw),
        content_type="application/json",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == status


@pytest.mark.parametrize("terminated", [True, False])
def test_body_that_breaks_off_is_a_bad_request(client: FlaskClient, terminated: bool) -> None:
    """`terminated` is how gunicorn hands bodies over: a short one looks complete."""
    environ = {"CONTENT_LENGTH": "100", **({"wsgi.input_terminated": True} if terminated else {})}
    answer = client.post(
        "/v1/translate",
        input_stream=io.BytesIO(b'{"text": "a"}'),
        content_type="application/json",
        environ_overrides=environ,
    )
    assert answer.json is not None
    assert (answer.status_code, answer.json["type"]) == (400, "/problems/bad-request")


def test_body_that_the_server_cannot_parse_is_a_bad_request(client: FlaskClient) -> None:
    """Servers raise errors of their own for a malformed chunk, in the middle of reading."""

    class BrokenChunks(io.BytesIO):
        def readinto(self, buffer: object) -> int:
            raise LookupError("invalid chunk size")

    answer = client.post(
        "/v1/translate",
        input_stream=BrokenChunks(b"ZZ"),
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 400


def test_texts_over_the_limit_are_refused_together(connect: Connect) -> None:
    client = connect(max_characters=5)
    assert client.post("/v1/translate", json={"text": ["äöü", "🙂🙂"]}).status_code == 200
    answer = client.post("/v1/summarize", json={"text": ["äöü", "🙂🙂🙂"]})
    assert answer.json is not None
    assert (answer.status_code, answer.json["type"]) == (413, "/problems/text-too-large")
    assert (answer.json["size"], answer.json["limit"]) == (6, 5)


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None), max_size=8)
    | st.sampled_from(["de", "auto", "fr", "bulk", "en", "extractive", "Le maire"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["text", "source_lang", "target_lang", "method", "max_sentences", "priority"])
            | st.text(st.characters(codec=None), max_size=4),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
BODIES = (
    st.binary(max_size=64)
    | JSON_VALUES.map(lambda value: json.dumps(value).encode())
    | st.fixed_dictionaries(
        {"text": JSON_VALUES}, optional={"source_lang": JSON_VALUES, "target_lang": JSON_VALUES}
    ).map(lambda value: json.dumps(value, ensure_ascii=True).encode())
)
FUZZED = create_app(FakeRuntime(), ApiOptions(max_body_bytes=2000, max_characters=20), FakeObserver()).test_client()


@settings(max_examples=400, deadline=None)
@given(raw=BODIES, path=st.sampled_from(["/v1/translate", "/v1/summarize"]))
def test_any_body_gets_an_answer_that_the_contract_knows(raw: bytes, path: str) -> None:
    answer = FUZZED.post(path, data=raw, content_type="application/json")
    assert answer.status_code in (200, 400, 413, 422)
    operation = CONTRACT["paths"][path]["post"]
    content_type, schema = response_schema(CONTRACT, operation, answer.status_code)
    assert answer.mimetype == content_type
    OAS31Validator(schema).validate(answer.json)
