"""`openapi.yaml` and the code say the same, and the contract's examples are true."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from pydantic import TypeAdapter

from service.api.app import ApiOptions, create_app
from service.api.problems import PROBLEM_TYPES
from service.api.schemas import catalogue, check, common, problem, summarize, translate
from service.core.enums import Category, Flag, Method, Severity, Task, Tier, WarningCode
from tests.api.fakes import FakeObserver, FakeRuntime
from tests.api.openapi_examples import (
    RequestExample,
    ResponseExample,
    iterate_request_examples,
    iterate_response_examples,
    load_contract,
    operations,
    resolve,
    response_schema,
)

SCHEMAS: dict[str, type[Any]] = {
    "Flag": Flag,
    "Severity": Severity,
    "Category": Category,
    "Finding": common.FindingBody,
    "Span": common.SpanBody,
    "Warning": WarningCode,
    "Task": Task,
    "Tier": Tier,
    "Method": Method,
    "TranslateRequest": translate.TranslateRequest,
    "TranslateResponse": translate.TranslateResponse,
    "Translation": translate.TranslationBody,
    "Segment": translate.SegmentBody,
    "CheckRequest": check.CheckRequest,
    "CheckItem": check.CheckItem,
    "CheckResponse": check.CheckResponse,
    "CheckedItem": check.CheckedItemBody,
    "SummarizeRequest": summarize.SummarizeRequest,
    "SummarizeResponse": summarize.SummarizeResponse,
    "Summary": summarize.SummaryBody,
    "SummarySentence": summarize.SummarySentenceBody,
    "Evidence": summarize.EvidenceBody,
    "Coverage": summarize.CoverageBody,
    "Model": common.ModelBody,
    "Usage": common.UsageBody,
    "ModelsResponse": catalogue.ModelsResponse,
    "ModelDescription": catalogue.ModelDescriptionBody,
    "LanguagesResponse": catalogue.LanguagesResponse,
    "LanguagePair": catalogue.LanguagePairBody,
    "StatusResponse": catalogue.StatusResponse,
    "IndexResponse": catalogue.IndexResponse,
    "Problem": problem.ProblemBody,
    "Fault": problem.FaultBody,
    "Position": problem.PositionBody,
    "Pair": problem.PairBody,
    "ProblemType": problem.ProblemTypeBody,
}
CONTRACT = load_contract()


def essence(schema: dict[str, Any], names: dict[str, str]) -> Any:
    """What a schema demands, without its words: two spellings of the same demand come out equal.

    `names` maps class names to component names in references. Enumerations and required members lose their order,
    `anyOf` with null becomes a list of types.
    """
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return {"$ref": names.get(name, name)}
    if "anyOf" in schema:
        variants = [variant for variant in schema["anyOf"] if variant != {"type": "null"}]
        if len(variants) == 1:
            inner = essence({**variants[0], **{key: schema[key] for key in ("default",) if key in schema}}, names)
            if len(variants) != len(schema["anyOf"]):
                inner["type"] = sorted([inner["type"], "null"])
                if "enum" in inner:
                    inner["enum"] = sorted([*inner["enum"], "null"])
            return inner
    found: dict[str, Any] = {}
    for key, value in schema.items():
        if key in ("title", "description", "examples", "example"):
            continue
        if key == "properties":
            found[key] = {name: essence(each, names) for name, each in value.items()}
        elif key == "items":
            found[key] = essence(value, names)
        elif key == "oneOf":
            found[key] = sorted((essence(each, names) for each in value), key=str)
        elif key in ("enum", "required") or (key == "type" and isinstance(value, list)):
            found[key] = sorted("null" if each is None else each for each in value)
        elif key != "$defs":
            found[key] = value
    return found


def names_of_components() -> dict[str, str]:
    return {model.__name__: name for name, model in SCHEMAS.items()}


def test_contract_is_valid_openapi() -> None:
    validate(CONTRACT)


def test_every_schema_has_a_class_and_every_class_a_schema() -> None:
    assert set(CONTRACT["components"]["schemas"]) == set(SCHEMAS)
    used = {
        definition
        for model in SCHEMAS.values()
        for definition in TypeAdapter(model).json_schema(ref_template="{model}").get("$defs", {})
    }
    assert used <= set(names_of_components())


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_and_class_demand_the_same(name: str) -> None:
    in_code = essence(TypeAdapter(SCHEMAS[name]).json_schema(), names_of_components())
    in_contract = essence(CONTRACT["components"]["schemas"][name], {})
    if "x-extensible-enum" in in_contract:
        in_contract["enum"] = sorted(in_contract.pop("x-extensible-enum"))
    assert in_code == in_contract


@pytest.mark.parametrize("name", ["Flag", "Warning", "Category"])
def test_a_value_of_a_later_release_satisfies_what_may_grow(name: str) -> None:
    """A client that was generated from an `enum` refuses a whole answer for one word that it doesn't know."""
    assert "enum" not in CONTRACT["components"]["schemas"][name]
    OAS31Validator(CONTRACT["components"]["schemas"][name]).validate("word_of_the_future")


def test_contract_names_every_problem_type() -> None:
    listed = CONTRACT["components"]["schemas"]["Problem"]["properties"]["type"]["description"]
    named = {word.strip(" \n.") for word in listed.split("`/problems/`")[1].split(",")}
    assert named == set(PROBLEM_TYPES)


def test_contract_names_every_route() -> None:
    app = create_app(FakeRuntime(), ApiOptions(), FakeObserver())
    routes = {
        (method.lower(), rule.rule.replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {(method, path) for method, path, _ in operations(CONTRACT)}
    assert routes - described == {("get", "/docs/assets/{name}")}, "the page's own files are no part of the contract"
    assert described <= routes


REQUEST_EXAMPLES = list(iterate_request_examples())
RESPONSE_EXAMPLES = list(iterate_response_examples())


@pytest.mark.parametrize("example", RESPONSE_EXAMPLES, ids=lambda each: f"{each.operation}-{each.status}-{each.name}")
def test_response_example_satisfies_its_schema(example: ResponseExample) -> None:
    OAS31Validator(example.schema).validate(example.value)
    if example.status >= 400:
        kind = PROBLEM_TYPES[example.value["type"].removeprefix("/problems/")]
        assert (example.value["status"], example.value["title"]) == (kind.status, kind.title)
        assert example.status == kind.status


@pytest.mark.parametrize("example", REQUEST_EXAMPLES, ids=lambda each: f"{each.operation}-{each.name}")
def test_request_example_is_answered_as_promised(example: RequestExample, client: FlaskClient) -> None:
    fault_free = example.response.value.get("type") != "/problems/invalid-request"
    assert OAS31Validator(example.schema).is_valid(example.body) == fault_free
    answer = client.open(example.path, method=example.method, json=example.body)
    assert answer.status_code == example.response.status
    assert answer.mimetype == example.response.content_type
    OAS31Validator(example.response.schema).validate(answer.json)
    if answer.status_code != 200:
        assert answer.json is not None
        assert answer.json["type"] == example.response.value["type"]
        assert answer.json["errors"] if fault_free else answer.json["errors"] == example.response.value["errors"]


@pytest.mark.parametrize("example", RESPONSE_EXAMPLES, ids=lambda each: f"{each.operation}-{each.status}-{each.name}")
def test_offsets_in_examples_hold(example: ResponseExample) -> None:
    asked = {(each.operation, each.name): each.body.get("text", "") for each in REQUEST_EXAMPLES}
    sent = asked.get((example.operation, example.name), "")
    texts = [sent] if isinstance(sent, str) else sent
    for text, answer in zip(texts, example.value.get("translations", []), strict=False):
        for segment in [*answer.get("segments", []), *answer.get("review", [])]:
            assert text[segment["source_start"] : segment["source_end"]] == segment["source"]
            assert answer["text"][segment["target_start"] : segment["target_end"]] == segment["target"]
    for text, answer in zip(texts, example.value.get("summaries", []), strict=False):
        for sentence in answer["sentences"]:
            assert answer["text"][sentence["start"] : sentence["end"]] == sentence["text"]
            for evidence in sentence["evidence"]:
                assert text[evidence["start"] : evidence["end"]] == evidence["text"]


@pytest.mark.parametrize(
    "path", ["/v1/models", "/v1/languages", "/livez", "/readyz", "/metrics", "/", "/docs", "/openapi.yaml"]
)
def test_get_is_answered_as_promised(path: str, client: FlaskClient) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    content_type, schema = response_schema(CONTRACT, CONTRACT["paths"][path]["get"], 200)
    assert answer.mimetype == content_type
    if content_type == "application/json":
        OAS31Validator(schema).validate(answer.json)


@pytest.mark.parametrize("slug", PROBLEM_TYPES)
def test_problem_types_explain_themselves(slug: str, client: FlaskClient) -> None:
    answer = client.get(f"/problems/{slug}")
    _, schema = response_schema(CONTRACT, CONTRACT["paths"]["/problems/{slug}"]["get"], 200)
    OAS31Validator(schema).validate(answer.json)
    assert answer.json is not None
    assert answer.json["type"] == f"/problems/{slug}"


def test_promised_headers_are_sent(client: FlaskClient) -> None:
    answer = client.post("/v1/translate", json={"text": "Nein."})
    response = CONTRACT["paths"]["/v1/translate"]["post"]["responses"]["200"]
    for name, header in response["headers"].items():
        schema = resolve(CONTRACT, header)["schema"]
        OAS31Validator(schema).validate(answer.headers[name])
