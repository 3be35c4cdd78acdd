"""The OpenAPI document as messages, reasons and methods."""

import re
from dataclasses import dataclass, field


@dataclass
class Type:
    """`text`, `whole`, `number`, `flag`, `any`, the name of a message, or a list of one of these."""

    name: str
    is_list: bool = False
    choices: list[str] = field(default_factory=list)


@dataclass
class Field:
    name: str
    type: Type
    is_required: bool
    doc: str


@dataclass
class Message:
    name: str
    doc: str
    fields: list[Field]


@dataclass
class Method:
    name: str
    """In lowerCamelCase."""
    http: str
    path: str
    doc: str
    in_path: list[str]
    query: list[Field]
    headers: list[str]
    """`If-Match`, where the method has it."""
    body: Type | None
    body_is_required: bool
    answer: Type | None
    is_stream: bool
    takes_request_id: bool
    items: str | None
    """Of a method with pages: the field of its answer that has the items."""


@dataclass
class Reason:
    name: str
    doc: str


@dataclass
class Api:
    messages: list[Message]
    methods: list[Method]
    reasons: list[Reason]


def read(document: dict) -> Api:
    schemas = document["components"]["schemas"]
    reason = schemas["Reason"]
    messages = [message(name, schema) for name, schema in schemas.items() if name != "Reason"]
    methods = []
    for path, operations in document["paths"].items():
        for http, operation in operations.items():
            method = method_of(document, path, http, operation)
            if method:
                methods.append(method)
    reasons = [Reason(name, reason["x-meanings"][name]) for name in reason["enum"]]
    return Api(messages, methods, reasons)


def message(name: str, schema: dict) -> Message:
    required = schema.get("required", [])
    fields = [
        Field(key, type_of(value), key in required, one_line(value.get("description", "")))
        for key, value in schema.get("properties", {}).items()
    ]
    return Message(name, one_line(schema.get("description", "")), fields)


def type_of(schema: dict) -> Type:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return Type("text" if name == "Reason" else name)
    if "anyOf" in schema:
        return type_of(next(it for it in schema["anyOf"] if it.get("type") != "null"))
    kind = schema.get("type")
    kind = next(it for it in kind if it != "null") if isinstance(kind, list) else kind
    if kind == "array":
        return Type(type_of(schema["items"]).name, is_list=True)
    if "enum" in schema:
        return Type("text", choices=schema["enum"])
    return Type({"string": "text", "integer": "whole", "number": "number", "boolean": "flag"}.get(kind, "any"))


# Files in and out, and the progress of undoing them: for programs such as curl.
FILES = {"createImport", "getUploadOffset", "appendToUpload", "cancelUpload", "getImportRejects", "undoImport", "exportFile"}


def method_of(document: dict, path: str, http: str, operation: dict) -> Method | None:
    if "101" in operation["responses"]:
        return None  # a WebSocket, for libraries of those
    content = next((it for status, it in operation["responses"].items() if status in ("200", "201") and "content" in it), {})
    content = content.get("content", {})
    lines = content.get("application/x-ndjson")
    if ("text/event-stream" in content and not lines) or path == "/openapi.json":
        return None  # the watches are written by hand
    if operation["operationId"] in FILES:
        return None
    parameters = [resolve(document, it) for it in operation.get("parameters", [])]
    named = lambda place: [it for it in parameters if it["in"] == place]  # noqa: E731
    query = [
        Field(it["name"], type_of(it["schema"]), it.get("required", False), one_line(it.get("description", "")))
        for it in named("query")
    ]
    headers = [it["name"] for it in named("header")]
    schema = lines["x-lines"] if lines else content["application/json"]["schema"] if content else None
    answer = type_of(schema) if schema else None
    # Of a schema for both directions the one for requests is meant.
    body = operation.get("requestBody")
    return Method(
        name=operation["operationId"],
        http=http.upper(),
        path=path,
        doc=one_line(operation.get("summary", "")) + ".",
        in_path=[it["name"] for it in named("path")],
        query=query,
        headers=[it for it in headers if it == "If-Match"],
        body=type_of(body["content"]["application/json"]["schema"]) if body else None,
        body_is_required=bool(body and body.get("required")),
        answer=answer,
        is_stream=bool(lines),
        takes_request_id="Idempotency-Key" in headers,
        items=operation.get("x-page-items"),
    )


def resolve(document: dict, parameter: dict) -> dict:
    if "$ref" not in parameter:
        return parameter
    return document["components"]["parameters"][parameter["$ref"].rsplit("/", 1)[1]]


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name.replace("-", "")).lower()


def pascal(name: str) -> str:
    """`PRODUCT_NOT_FOUND` and `getProduct` as types are written."""
    if "_" in name or name.isupper():
        return "".join(part.capitalize() for part in name.split("_"))
    return name[0].upper() + name[1:]
