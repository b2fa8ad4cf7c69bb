"""Run with other constants or functions in a module, and put the old ones back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

Change = tuple[object, str, object]
"""A module, the name in it, and what stands there meanwhile."""


@contextmanager
def replaced(*changes: Change) -> Iterator[None]:
    """Not for threads: everybody sees the change. Raises AttributeError when a module has no such name."""
    before = [(module, name, getattr(module, name)) for module, name, _ in changes]
    try:
        for change in changes:
            setattr(*change)
        yield
    finally:
        for was in before:
            setattr(*was)
