"""Asks the Python client: ask.py URL < calls, a line of JSON each, which is answered by a line with the outcome."""

import json
import re
import sys

from catalogue_client import Client, errors


def snake(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


client = Client(sys.argv[1])
for line in sys.stdin:
    call = json.loads(line)
    method = getattr(client, snake(call["method"]))
    positional = call["path"] + ([call["body"]] if call["body"] is not None else [])
    try:
        answer = method(*positional, **{snake(name): value for name, value in call["query"].items()})
        outcome = {"answer": list(answer) if call["streams"] else answer}
    except errors.CatalogueError as error:
        outcome = {"reason": error.reason, "errors": error.errors}
    print(json.dumps({"name": call["name"], **outcome}), flush=True)
