"""HTTP requests with retries, over the standard library: one kept connection per thread."""

import http.client
import json
import random
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from .errors import CatalogueError, Unreachable, of_problem

# The statuses after which the same request may succeed.
TRANSIENT = {408, 429, 502, 503, 504}


def segment(text: str) -> str:
    """A value as one segment of a path."""
    return quote(text, safe="")


def query_string(query: Mapping[str, Any]) -> str:
    def texts(value: Any) -> list[str]:
        values = value if isinstance(value, (list, tuple)) else [value]
        return [str(it).lower() if isinstance(it, bool) else str(it) for it in values]

    pairs = [(name, text) for name, value in query.items() if value is not None for text in texts(value)]
    return "?" + urlencode(pairs) if pairs else ""


class Transport:
    """Sends requests, and tries again those that are safe to repeat: reads, and writes with a request id."""

    def __init__(self, base_url: str, *, key: str | None, actor: str | None, timeout: float, retries: int) -> None:
        url = urlsplit(base_url)
        if url.scheme not in ("http", "https") or not url.hostname:
            raise ValueError(f"{base_url!r} must be a URL such as http://127.0.0.1:8080")
        self._url = url
        self._timeout = timeout
        self._retries = retries
        self._local = threading.local()
        self._headers = {"accept": "application/json"}
        if key:
            self._headers["authorization"] = f"Bearer {key}"
        if actor:
            self._headers["x-actor"] = actor

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str | None] | None = None,
        takes_request_id: bool = False,
    ) -> Any:
        """The JSON of the response.

        Raises the subclass of `CatalogueError` for the problem's reason, or `Unreachable`.
        """
        sent = {**self._headers, **{name: value for name, value in (headers or {}).items() if value}}
        of_caller = (query or {}).get("requestId") or (isinstance(body, dict) and body.get("requestId"))
        if takes_request_id and not of_caller:
            # The same for each attempt, so that the write happens once.
            sent["idempotency-key"] = f'"{uuid.uuid4()}"'
        is_safe = method == "GET" or takes_request_id
        payload = None
        if body is not None:
            payload = json.dumps(body).encode()
            sent["content-type"] = "application/json"
        target = path + query_string(query or {})
        for attempt in range(self._retries + 1):
            is_last = attempt == self._retries or not is_safe
            try:
                response = self._exchange(method, target, payload, sent)
                content = response.read()
            except (OSError, http.client.HTTPException) as error:
                self.close()
                if is_last:
                    raise Unreachable(str(error)) from error
                self._pause(attempt, None)
                continue
            if response.status < 400:
                return json.loads(content) if content else None
            if is_last or response.status not in TRANSIENT:
                raise of_problem(response.status, content)
            self._pause(attempt, response.headers.get("retry-after"))
        raise AssertionError("the last attempt returns or raises")

    def lines(self, path: str, query: Mapping[str, Any], headers: Mapping[str, str], *, timeout: float | None = None) -> Iterator[str]:
        """The lines of a streamed response, over a connection of its own."""
        connection = self._connect(timeout)
        try:
            connection.request("GET", self._url.path.rstrip("/") + path + query_string(query), headers={**self._headers, **headers})
            response = connection.getresponse()
            if response.status >= 400:
                raise of_problem(response.status, response.read())
            for line in response:
                yield line.decode().rstrip("\r\n")
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(str(error)) from error
        finally:
            connection.close()

    def products(self, path: str, query: Mapping[str, Any]) -> Iterator[Any]:
        """The messages of a stream of JSON lines."""
        for line in self.lines(path, query, {"accept": "application/x-ndjson"}):
            if line:
                yield json.loads(line)

    def close(self) -> None:
        """Closes this thread's connection; the next call opens another."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
        self._local.connection = None

    def _connect(self, timeout: float | None) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._url.scheme == "https" else http.client.HTTPConnection
        return kind(self._url.hostname or "", self._url.port, timeout=timeout or self._timeout)

    def _exchange(self, method: str, target: str, body: bytes | None, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        kept = getattr(self._local, "connection", None)
        connection = kept or self._connect(None)
        self._local.connection = connection
        connection.request(method, self._url.path.rstrip("/") + target, body, dict(headers))
        return connection.getresponse()

    @staticmethod
    def _pause(attempt: int, retry_after: str | None) -> None:
        seconds = float(retry_after) if retry_after and retry_after.isdigit() else 0.1 * 2**attempt
        time.sleep(min(seconds, 30) * random.uniform(0.5, 1.0))


__all__ = ["CatalogueError", "Transport", "segment"]
