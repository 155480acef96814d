"""The only place where use cases meet their adapters.

Imports are inside the functions: a broken part must not stop the doctor.
"""

from coxa.bootstrap.assessing import assess
from coxa.bootstrap.coaching import coach
from coxa.bootstrap.figures import write_figure, write_figures
from coxa.bootstrap.files import convert, inspect
from coxa.bootstrap.foretelling import foretell
from coxa.bootstrap.machine import diagnose, licences
from coxa.bootstrap.measuring import measure, measure_into
from coxa.bootstrap.printing import calibrate_camera, print_boards
from coxa.bootstrap.validating import reference_sources, validate, write_taught, write_validation

__all__ = [
    "assess",
    "calibrate_camera",
    "coach",
    "convert",
    "diagnose",
    "foretell",
    "inspect",
    "licences",
    "measure",
    "measure_into",
    "print_boards",
    "reference_sources",
    "validate",
    "write_figure",
    "write_figures",
    "write_taught",
    "write_validation",
]
