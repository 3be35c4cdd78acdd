#!/usr/bin/env python3
"""Tests a gateway against its OpenAPI document with schemathesis: openapi.py URL [--seconds N] [--seed N].

Sends requests that are valid by the document, and ones that are not, to every operation: writes included, so the
catalogue has to be one that may be thrown away, and every caller may do everything. Prints what it has found, and as
the last line a JSON object with the numbers of operations, cases and findings.

Checked of each response: no 5xx; a status, a content type, headers and a body that the document has, with the lines
and the events of streams; an invalid request is refused; and a valid one is not refused for its form. The last rule
in full: a valid request is taken, or refused

- for what there is: 404, 409, 410 and 412, and 429 with a reason that ends with _LIMIT or _FULL;
- because a valid address is longer than a server takes: 431;
- with 400 and a reason that this operation has and the common response `Invalid` has not: one of meaning, such as a
  filter that names a field that there is not;
- with 400 and a rule of `RULES`, for what a schema cannot say.

Invalid by the document, but taken, is what the proto3 JSON mapping has besides: null as the default, numbers in quotes
and enums as numbers (`widened`); and empty parameters, which forms send.
"""

import argparse
import contextlib
import json
import pathlib
import re
import sys
import tempfile
import time
import urllib.request
from urllib.parse import urlsplit

ROOT = pathlib.Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "crates/devtools/provision"))
import python_env  # noqa: E402

python_env.run_in("schemathesis", ["schemathesis==4.32.5"])

import schemathesis  # noqa: E402
from jsonschema_rs import Draft202012Validator  # noqa: E402
from schemathesis.cli import schemathesis as command  # noqa: E402
from schemathesis.core.failures import Failure  # noqa: E402
from schemathesis.specs.openapi.checks import is_unexpected_http_status_case  # noqa: E402

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "valid_requests_are_taken",
    "streams_hold_what_is_documented",
)

# What a schema cannot say: the rule that a problem names, and why.
RULES = [
    (r"must be a revision_token of an earlier answer", "a token is opaque to clients"),
    (r"which is not|is not a column|is no column", "names are of the catalogue's data"),
    (r"names a category that does not exist", "what there is"),
    (r"must be no finer than the smallest coin", "decimals depend on the currency"),
    (r"the product's currency|the currency of the price", "fields that depend on each other"),
    (r"is a duplicate|is there already|are those of|names what another line names", "unique by a part of an item"),
    (r"must be (later|after)", "fields that depend on each other"),
    (r"must be the (URL|sku) of one of the product's|must be empty: the product has no variants", "references"),
    (r"only a number has a unit", "fields that depend on each other"),
    (r"must be at most \d+ (in stock together|bytes)", "a sum"),
    (r"must be more than 0 and at most (100 tonnes|a kilometre)", "depends on the unit"),
    (r"must have a length, width or height", "any of three"),
    (r"the last one the right check digit", "arithmetic"),
    (r"must be an IP address", "of either version, in any of its forms"),
    (r"must be no finer than a cent", "of a decimal that a double is near to"),
    (r"must have a letter or a digit|different words", "of any script, after trimming"),
    (r"names no field that can be changed here", "which fields count as given"),
    (r"column \d+:", "a filter is a language; see the reason FILTER_INVALID elsewhere"),
    (r"cannot be named by a purge", "parameters that exclude each other"),
    (r"is no format of|has columns of its own", "parameters that exclude each other"),
    (r"must be absent where the file comes otherwise|is empty: send a file|the form has no file", "one of three sources"),
    (r"field map", "TOML, or one of many names"),
    (r"one of the first 10000 results", "a sum"),
    (r"is required, once for each product", "one of two spellings"),
    (r"must be the one in (the address|Idempotency-Key), or absent", "the same in two places"),
    (r"^update\w+ name: is required", "a mask that names it, and a body that has none"),
    (r"is not an import's id", "what there is"),
    (r"give the fields of a form as parameters", "headers that exclude a body's type"),
    (r"^previewControl control(\.id)?: must be", "an id that other requests have in the address"),
]

# Spellings of the same parameter: a request has one of them.
ALIASES = {"q": "query", "productId": "productIds"}
# Fields of bodies that an address has, too, and have to be the same.
IN_ADDRESS = ("id", "productId", "categoryId", "importId", "keyId", "reservationId")

# Cases of an operation in a short round.
EXAMPLES = 10

CONFIG = """
max-stream-events = 3
request-timeout = 5
[generation]
database = "none"
with-security-parameters = false
[phases.fuzzing.error-feedback]
enabled = false
[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx"]
[checks.negative_data_rejection]
expected-statuses = ["4xx"]
[checks.missing_required_header]
expected-statuses = ["4xx"]
# Streams without an end: a request has what came in this time.
[[operations]]
include-operation-id = ["watchAvailability", "watchChanges", "watchImport"]
request-timeout = 0.5
"""

arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
arguments.add_argument("url")
arguments.add_argument("--seconds", type=int, help="how long; otherwise one short round")
arguments.add_argument("--seed", type=int, default=1)
arguments.add_argument("--only", help="the id of the one operation to test")
arguments.add_argument("--log", type=pathlib.Path, help="file for the findings of the rules above, a line of JSON each")
given = arguments.parse_args()

source = f"{given.url}/openapi.json"
with urllib.request.urlopen(source, timeout=10) as response:
    document = json.load(response)


def resolve(schema: dict) -> dict:
    while schema.get("$ref", "").startswith("#/"):
        target = document
        for part in schema["$ref"][2:].split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        schema = target
    return schema


def operation_of(case) -> dict:
    return document["paths"][case.operation.path][case.operation.method.lower()]


def reasons_of(response: dict) -> set[str]:
    schema = resolve(response)["content"]["application/problem+json"]["schema"]
    return set(schema["properties"]["reason"]["enum"])


FORM = reasons_of(document["components"]["responses"]["Invalid"])


def found(case, response, message: str) -> None:
    if given.log:
        body = response.request.body
        line = {
            "operation": operation_of(case)["operationId"],
            "message": message,
            "request": f"{response.request.method} {response.request.url}",
            "headers": {k: v for k, v in response.request.headers.items() if k.lower() not in ("user-agent", "accept")},
            "body": body.decode(errors="replace") if isinstance(body, bytes) else body,
        }
        with given.log.open("a") as log:
            log.write(json.dumps(line) + "\n")
    raise Failure(operation=case.operation.label, title=message.split("\n")[0][:120], message=message)


@schemathesis.check
def valid_requests_are_taken(ctx, response, case):
    if case.meta is None or is_unexpected_http_status_case(case) or not case.meta.generation.mode.is_positive:
        return
    status = response.status_code
    if status < 400 or status in (404, 409, 410, 412, 431):
        return
    if status == 426 and "101" in operation_of(case)["responses"]:
        return  # a WebSocket, which it does not open
    problem = json.loads(response.content or b"{}")
    reason = problem.get("reason", "")
    if status == 429 and reason.endswith(("_LIMIT", "_FULL")):
        return
    if not has_valid_headers(case, response):
        return
    if status == 400 and reason in reasons_of(operation_of(case)["responses"]["400"]) - FORM:
        return
    errors = problem.get("errors") or [{"field": "", "message": problem.get("detail", "")}]
    for error in errors:
        text = f"{operation_of(case)['operationId']} {error['field']}: {error['message']}"
        if status != 400 or not any(re.search(rule, text) for rule, _ in RULES):
            found(case, response, f"valid request refused: {status} {reason} {error['field']}: {error['message']}")


def has_valid_headers(case, response) -> bool:
    """Values of headers with a long pattern are made without it now and then."""
    for parameter in map(resolve, operation_of(case).get("parameters", [])):
        value = response.request.headers.get(parameter["name"]) if parameter["in"] == "header" else None
        value = value.decode("latin-1") if isinstance(value, bytes) else value
        if value is not None and not re.search(parameter["schema"].get("pattern", ""), value):
            return False
    return True


@schemathesis.check
def streams_hold_what_is_documented(ctx, response, case):
    kind = response.headers.get("content-type", [""])[0].split(";")[0]
    media = operation_of(case)["responses"].get(str(response.status_code), {}).get("content", {}).get(kind, {})
    if "x-lines" in media:
        for line in response.content.decode().splitlines():
            check_part(case, response, media["x-lines"], line)
    if "x-events" in media:
        for event in response.content.decode().split("\n\n")[:-1]:
            fields = dict(line.split(": ", 1) for line in event.splitlines() if ": " in line[1:])
            schema = media["x-events"].get(fields.get("event"))
            if schema:
                check_part(case, response, schema, fields["data"])


def check_part(case, response, schema: dict, text: str) -> None:
    validator = Draft202012Validator({**schema, "components": document["components"]})
    try:
        for error in validator.iter_errors(json.loads(text)):
            found(case, response, f"part of a stream: {list(error.instance_path)}: {error.message}")
    except json.JSONDecodeError as error:
        found(case, response, f"part of a stream: {error}")


@schemathesis.serializer("application/partial-upload")
def partial_upload(context, value):
    return {"data": value if isinstance(value, bytes) else str(value).encode()}


@schemathesis.hook
def filter_failure(context, failure, case, response):
    # A head that is much too large is answered without a body.
    if response.status_code == 431 and not response.content:
        return False
    if failure.title == "Schema-violating request accepted":
        return not is_taken_by_mapping(case)
    # The schema of a stream is that of all of it; its events are checked above.
    return failure.title != "SSE event violates schema"


def is_taken_by_mapping(case) -> bool:
    query, body = case.query or {}, case.body
    if any(value in ("", {}, None) for value in query.values()):
        return True
    schema = operation_of(case).get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if not schema or not isinstance(body, dict):
        return False
    return Draft202012Validator({**schema, "components": WIDENED}).is_valid(body)


def widened(schema):
    """A schema that also takes what the proto3 JSON mapping does."""
    if isinstance(schema, list):
        return [widened(it) for it in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: widened(value) for key, value in schema.items()}
    for name, field in schema.get("properties", {}).items():
        forms = [field, {"type": "null"}]
        if field.get("format") == "int64" or "enum" in field:
            forms.append({"type": "integer"})
        if field.get("type") in ("integer", "number"):
            forms.append({"type": "string", "pattern": "^-?[0-9]"})
        schema["properties"][name] = {"anyOf": forms}
    return schema


WIDENED = widened(document["components"])


@schemathesis.hook
def map_case(context, case):
    """What the document says in words: an id is that of the address, a key is given once, names are alternatives."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return case
    query, headers, body = case.query, case.headers, case.body
    if isinstance(query, dict):
        for alias, name in ALIASES.items():
            if alias in query and name in query:
                del query[name]
        with_own_host(query)
    if isinstance(body, dict):
        id = (case.path_parameters or {}).get("id")
        for name in IN_ADDRESS:
            if id is not None and body.get(name):
                body[name] = id
        with_own_host(body)
    for fields in (query, body):
        if isinstance(fields, dict) and fields.get("requestId") and headers:
            headers.pop("Idempotency-Key", None)
    return case


def with_own_host(values: dict) -> None:
    """An import's file is asked of the gateway itself, and of no other host."""
    if isinstance(values.get("url"), str) and "://" in values["url"]:
        values["url"] = given.url + urlsplit(values["url"]).path


def run(folder: pathlib.Path) -> dict:
    config, report = folder / "schemathesis.toml", folder / "report.json"
    config.write_text(CONFIG)
    options = [f"--config-file={config}", "run", source, f"--url={given.url}", "--workers=1", "--no-color"]
    options += [f"--seed={given.seed}", f"--checks={','.join(CHECKS)}"]
    short = ["--phases=examples,fuzzing", f"--max-examples={EXAMPLES}"]
    options += [f"--max-time={given.seconds}"] if given.seconds else short
    options += [f"--report-json-path={report}", "--suppress-health-check=all", "--continue-on-failure"]
    options += [f"--include-operation-id={given.only}"] if given.only else []
    with contextlib.suppress(SystemExit):
        command(options)
    return json.loads(report.read_text())


began = time.monotonic()
with tempfile.TemporaryDirectory() as name:
    report = run(pathlib.Path(name))
summary = {
    "operations": report["operations"]["tested"],
    "cases": report["test_cases"]["generated"],
    "seconds": round(time.monotonic() - began, 1),
    "findings": sum(it["count"] for it in report["failures"]),
    "errors": sum(it["count"] for it in report["errors"]),
}
print(json.dumps(summary))
sys.exit(0 if summary["cases"] and not summary["findings"] and not summary["errors"] else 1)
