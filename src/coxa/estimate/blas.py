"""Keeps the linear algebra of small matrices on one thread.

The matrices here are 82 by 82: handing halves to a second thread costs twenty times what it saves, and pose
networks want the other core.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any

import scipy.linalg.cython_blas  # noqa: F401 - the library must be loaded to be found
from threadpoolctl import ThreadpoolController

#: The limit that lasts, once there is one.
_lasting: list[AbstractContextManager[Any]] = []


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


def stay_on_one_thread() -> None:
    """From now on, for the whole process: a server that answers many people asks for it once."""
    if not _lasting:
        limit = one_thread()
        limit.__enter__()
        _lasting.append(limit)


def one_thread() -> AbstractContextManager[Any]:
    """While entered, BLAS and LAPACK use one thread."""
    if _lasting:
        return nullcontext()
    limit: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="blas")
    return limit
