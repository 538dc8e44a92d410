"""Finds every channel by itself: each module in `adapters/` that defines an Adapter."""

import importlib
import inspect
import pkgutil
from functools import cache

from channels_ingest import adapters
from channels_ingest.adapter import Adapter


@cache
def all_adapters() -> dict[str, Adapter]:
    """Every adapter by slug, in the order of their file names."""
    found: dict[str, Adapter] = {}
    for module_info in pkgutil.iter_modules(adapters.__path__):
        module = importlib.import_module(f"{adapters.__name__}.{module_info.name}")
        for _, cls in inspect.getmembers(module, inspect.isclass):
            if issubclass(cls, Adapter) and not inspect.isabstract(cls) and cls.__module__ == module.__name__:
                if cls.slug in found:
                    raise ValueError(f"two channels are called {cls.slug!r}")
                found[cls.slug] = cls()
    return found


def get(slug: str) -> Adapter:
    """The adapter called `slug`; KeyError when there is none."""
    return all_adapters()[slug]
