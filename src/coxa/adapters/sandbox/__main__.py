"""The process itself: ``python -m coxa.adapters.sandbox WORK FOLDER PARENT RULES``.

It works in FOLDER. What it has to tell goes to its standard output, a JSON object a line; what native
libraries print goes nowhere.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

from coxa.adapters.child_processes import die_with, place_of
from coxa.adapters.sandbox import confine
from coxa.model.errors import CoxaError
from coxa.specs.uploads import UploadRules

#: Done in a folder, telling progress (0..1, and what it is at); what it returns is plain JSON.
Work: TypeAlias = "Callable[[Path, Callable[[float, str], None]], Mapping[str, Any]]"

NO_MEMORY = (
    "it needs more memory than one recording may use",
    "upload a shorter part, or a smaller picture (1280 pixels wide is plenty)",
)


def main(arguments: list[str]) -> None:
    """Do one piece of work, confined."""
    place, folder, parent = arguments[0], Path(arguments[1]), int(arguments[2])
    rules = UploadRules.model_validate_json(arguments[3])
    line = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)

    def tell(**what: Any) -> None:
        line.write(json.dumps(what) + "\n")

    # Before anything is imported that starts threads.
    held = confine.cut_off()
    die_with(parent)
    confine.limit(rules)
    where, name = place.split(":")
    module = import_module(where)
    work: Work = getattr(module, name)
    getattr(module, "prepare", lambda: None)()
    _let_caches_be()
    held += confine.keep_to(folder, _readable())
    os.chdir(folder)
    tell(ready=held)
    try:
        found = work(folder, lambda share, words: tell(progress=share, words=words))
    except CoxaError as error:
        tell(refused=[error.fault, error.remedy])
    except MemoryError:
        tell(refused=list(NO_MEMORY))
    except Exception as error:  # noqa: BLE001 - told to whoever keeps the log, without a word of the file's
        tell(broken=f"{type(error).__name__} ({place_of(error)})")
    else:
        tell(done=found)


def _readable() -> Iterator[Path]:
    """Python, its packages, what the system's libraries read, folders of protocols; no data of anybody."""
    import coxa

    yield from (Path(sys.prefix), Path(sys.base_prefix), Path(coxa.__file__).parent)
    for entry in sys.path:
        if Path(entry).is_absolute():
            yield Path(entry)
    for place in ("/usr", "/lib", "/lib64", "/etc", "/sys/devices/system", "/dev/urandom", "/proc"):
        yield Path(place)
    for variable in ("COXA_PROTOCOLS", "NUMBA_CACHE_DIR"):
        if os.environ.get(variable):
            yield from (Path(one) for one in os.environ[variable].split(os.pathsep))


def _let_caches_be() -> None:
    """Compiled code is read from where it was kept; what is compiled here is used and not kept.

    Others load it, so what reads a file from outside must not write it.
    """
    caching = sys.modules.get("numba.core.caching")
    if caching is None:
        return

    def nothing(*_: Any) -> None:
        return

    caching.Cache.save_overload = nothing
    caching._CacheLocator.ensure_cache_path = nothing


if __name__ == "__main__":
    main(sys.argv[1:])
