"""The client: the generated methods, and watches that resume."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ._generated import Api
from .errors import CatalogueError, Unreachable
from .transport import TRANSIENT, Transport

# The gateway sends a heartbeat every 15 seconds: silence for longer means that the connection is dead.
SILENCE = 45.0
LONGEST_PAUSE = 30.0


@dataclass(frozen=True)
class Event:
    """One event of a watch."""

    type: str
    """Such as `change`, `snapshot`, `availability`."""
    data: Any
    cursor: str
    """Resumes after this event."""


class Client(Api):
    """A client of the gateway at `base_url`.

    Reads, and writes with the request ids that it makes, are tried again when the gateway or the network fails.
    Errors are subclasses of `CatalogueError`, one for each reason, in `catalogue_client.errors`.
    """

    def __init__(
        self,
        base_url: str,
        *,
        key: str | None = None,
        actor: str | None = None,
        timeout: float = 10.0,
        retries: int = 3,
    ) -> None:
        super().__init__(Transport(base_url, key=key, actor=actor, timeout=timeout, retries=retries))

    def watch_changes(
        self,
        *,
        cursor: str | None = None,
        start: str | None = None,
        category_id: str | None = None,
        product_ids: Sequence[str] | None = None,
        filter: str | None = None,
    ) -> Iterator[Event]:
        """Every change, for ever: connects again and resumes after the last event.

        Without a cursor the products as they are come first, as events of type `snapshot`. An event `resync`
        says that changes were missed: read again what you keep.
        """
        query = {"start": start, "categoryId": category_id, "productId": product_ids, "filter": filter}
        yield from self._watch("/v1/changes", query, cursor or "")

    def watch_availability(self, product_ids: Sequence[str], *, variants: bool | None = None) -> Iterator[Event]:
        """The stock of up to 200 products, now and whenever it changes, for ever."""
        query = {"productId": product_ids, "variants": variants}
        for event in self._watch("/v1/availability", query, None):
            yield event

    def _watch(self, path: str, query: dict[str, Any], cursor: str | None) -> Iterator[Event]:
        pause = 0.1
        while True:
            headers = {"accept": "text/event-stream"}
            if cursor:
                headers["last-event-id"] = cursor
            try:
                for event in _events(self.transport.lines(path, query, headers, timeout=SILENCE)):
                    pause = 0.1
                    if cursor is not None and event.cursor:
                        cursor = event.cursor
                    if event.type == "problem":
                        break
                    if event.type:
                        yield event
            except Unreachable:
                pass
            except CatalogueError as error:
                if error.status not in TRANSIENT:
                    raise
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def _events(lines: Iterator[str]) -> Iterator[Event]:
    """Server-sent events; comments, such as heartbeats, come with an empty type."""
    kind, data, cursor = "", [], ""
    for line in lines:
        if not line:
            if kind or data or cursor:
                yield Event(kind, json.loads("\n".join(data)) if data else None, cursor)
            kind, data, cursor = "", [], ""
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            kind = value
        elif field == "data":
            data.append(value)
        elif field == "id":
            cursor = value
