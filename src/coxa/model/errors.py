"""Everything Coxa can refuse to do, and how it says so.

Every error names the fault and the remedy; ``exit_code`` is what the command line returns for it.
"""

from __future__ import annotations

EXIT_CODES: dict[int, str] = {
    0: "done",
    1: "internal error (a bug: please report it)",
    2: "wrong usage of the command line",
    3: "the source cannot be read",
    4: "the source was read, but nothing in it can be measured",
    5: "a file that belongs to Coxa is missing or altered",
    6: "the results cannot be written",
    7: "those who should do the work cannot be had, or were lost",
    130: "interrupted",
}


class CoxaError(Exception):
    """Base of every error Coxa raises on purpose.

    Args:
        fault: what is wrong, naming the file or the argument.
        remedy: what the person can do about it.
    """

    exit_code = 1

    def __init__(self, fault: str, remedy: str) -> None:
        super().__init__(f"{fault}\n  Remedy: {remedy}")
        self.fault = fault
        self.remedy = remedy

    def __reduce__(self) -> tuple[type[CoxaError], tuple[str, str]]:
        """It travels between processes whole."""
        return type(self), (self.fault, self.remedy)


class SourceError(CoxaError):
    """The source is missing, empty, damaged or not what its name says."""

    exit_code = 3


class NothingToMeasureError(CoxaError):
    """The source can be read, but holds nothing measurable (no person, too short, too small)."""

    exit_code = 4


class AssetError(CoxaError):
    """A pose network or catalogue file of Coxa itself is missing or altered."""

    exit_code = 5


class OutputError(CoxaError):
    """The results cannot be written (exists, not writable, disk full)."""

    exit_code = 6


class SpecError(CoxaError):
    """A catalogue file does not say what its schema asks for."""

    exit_code = 5


class ComputeError(CoxaError):
    """Those who should do the work (a scheduler, its workers) cannot be had, or were lost."""

    exit_code = 7
