#!/usr/bin/env python3
"""Validates documents against the published schemas of UCP: ucp.py SCHEMAS < lines of [schema, document].

`schema` is a path below SCHEMAS with a fragment, such as shopping/catalog_search.json#/$defs/search_response.
"""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[5]
sys.path.insert(0, str(ROOT / "crates/devtools/provision"))
import python_env  # noqa: E402

python_env.run_in("jsonschema", ["jsonschema==4.25.1", "rfc3986-validator==0.1.1"])

from jsonschema import Draft202012Validator, FormatChecker  # noqa: E402
from referencing import Registry, Resource  # noqa: E402

schemas = pathlib.Path(sys.argv[1])
documents = [json.loads(path.read_text()) for path in schemas.rglob("*.json")]
registry = Registry().with_resources((it["$id"], Resource.from_contents(it)) for it in documents if "$id" in it)
faults = 0
for line in sys.stdin:
    name, document = json.loads(line)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": f"https://ucp.dev/schemas/{name}"}
    validator = Draft202012Validator(schema, registry=registry, format_checker=FormatChecker())
    for error in validator.iter_errors(document):
        faults += 1
        print(f"{name}: {error.json_path}: {error.message[:300]}")
sys.exit(1 if faults else 0)
