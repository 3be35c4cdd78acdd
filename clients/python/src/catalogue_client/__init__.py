"""Client of the product catalogue. Start with `Client`."""

from . import errors, types
from .client import Client, Event
from .errors import CatalogueError, Unreachable

__all__ = ["CatalogueError", "Client", "Event", "Unreachable", "errors", "types"]
