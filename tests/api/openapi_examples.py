"""Reads the examples out of the contract, so that tests can execute them against any server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from service.api.contract import contract_path

METHODS = ("get", "post")


@dataclass(frozen=True)
class ResponseExample:
    """An example of an answer and the schema that it must satisfy."""

    name: str
    operation: str
    status: int
    content_type: str
    schema: dict[str, Any]
    value: Any


@dataclass(frozen=True)
class RequestExample:
    """An example of a request, and the answer that the contract shows for it: the response example of that name."""

    name: str
    operation: str
    method: str
    path: str
    schema: dict[str, Any]
    body: Any
    response: ResponseExample


def load_contract() -> dict[str, Any]:
    """The contract as it is served."""
    contract: dict[str, Any] = yaml.safe_load(contract_path().read_text(encoding="utf-8"))
    return contract


def operations(contract: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation) of every operation."""
    for path, item in contract["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


def resolve(contract: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """The thing that `node` refers to, or `node`."""
    if "$ref" not in node:
        return node
    found: Any = contract
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return resolve(contract, found)


def standalone(contract: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """`schema` with all components beside it, so that a JSON Schema validator finds its references."""
    return {**schema, "components": contract["components"]}


def response_schema(contract: dict[str, Any], operation: dict[str, Any], status: int) -> tuple[str, dict[str, Any]]:
    """Content type and schema that `operation` promises for `status`. Raises KeyError when it promises none."""
    response = resolve(contract, operation["responses"][str(status)])
    content_type, media = next(iter(response["content"].items()))
    return content_type, standalone(contract, media["schema"])


def iterate_response_examples() -> Iterator[ResponseExample]:
    """Every example of an answer, also of those that no request example leads to."""
    contract = load_contract()
    for _, _, operation in operations(contract):
        for status, response in operation["responses"].items():
            for content_type, media in resolve(contract, response).get("content", {}).items():
                schema = standalone(contract, media["schema"])
                for name, example in media.get("examples", {}).items():
                    yield ResponseExample(
                        name, operation["operationId"], int(status), content_type, schema, example["value"]
                    )


def iterate_request_examples() -> Iterator[RequestExample]:
    """Every example of a request, with the answer that has the same name. Raises KeyError when there is none."""
    contract = load_contract()
    answers = {(each.operation, each.name): each for each in iterate_response_examples()}
    for method, path, operation in operations(contract):
        for media in operation.get("requestBody", {}).get("content", {}).values():
            for name, example in media["examples"].items():
                yield RequestExample(
                    name,
                    operation["operationId"],
                    method,
                    path,
                    standalone(contract, media["schema"]),
                    example["value"],
                    answers[operation["operationId"], name],
                )
