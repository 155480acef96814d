"""What a C3D file knows of the person beforehand, and what happened when."""

from __future__ import annotations

import numpy as np

from coxa.adapters.sources.c3d_parameters import Parameters
from coxa.model.channels import Event
from coxa.model.recording import Subject

_MM = 1e-3
_LARGEST_M = 2.9  # nobody measures more, and no part of anybody
_HEAVIEST_KG = 650.0
_SIDES = {"left": "L", "right": "R"}


def read_subject(known: Parameters, name: str, number: int, height_m: float | None) -> Subject:
    """Anthropometry as Vicon's software leaves it in the group PROCESSING (mm, kg).

    Args:
        known: the file's parameters.
        name: of the person.
        number: of the person, where there are several.
        height_m: as told; None: what the file says.
    """

    def value(parameter: str, scale: float, most: float) -> float | None:
        numbers = known.numbers("PROCESSING", parameter)
        if not len(numbers):
            return None
        found = scale * float(numbers[min(number, len(numbers) - 1)])
        return found if np.isfinite(found) and 0 < found < most else None

    def sides(parameter: str) -> dict[str, float]:
        both = {side: value(letter + parameter, _MM, _LARGEST_M) for side, letter in _SIDES.items()}
        return {side: length for side, length in both.items() if length is not None}

    return Subject(
        name=name,
        height_m=height_m or value("HEIGHT", _MM, _LARGEST_M),
        mass_kg=value("BODYMASS", 1.0, _HEAVIEST_KG),
        asis_breadth_m=value("INTERASISDISTANCE", _MM, _LARGEST_M),
        leg_length_m=sides("LEGLENGTH"),
        knee_width_m=sides("KNEEWIDTH"),
        ankle_width_m=sides("ANKLEWIDTH"),
        marker_diameter_m=value("MARKERDIAMETER", _MM, _LARGEST_M),
    )


def read_events(known: Parameters, person: str) -> tuple[Event, ...]:
    """Events of one person in order of time, from the group EVENT or else the header."""
    times = known.numbers("EVENT", "TIMES")
    if not len(times):
        events = [Event(time_s, label) for time_s, label in known.header.events]
        return _in_order(events)
    n_events = min(len(times) // 2, max(0, int(known.number("EVENT", "USED", len(times) // 2))))
    seconds = 60.0 * times[0 : 2 * n_events : 2] + times[1 : 2 * n_events : 2]

    def words(name: str) -> tuple[str, ...]:
        found = known.words("EVENT", name)
        return (*found, *("",) * n_events)[:n_events]

    subjects = words("SUBJECTS")
    events = [
        Event(float(time_s), label, side.lower() if side.lower() in _SIDES else None)
        for time_s, label, side, who in zip(
            seconds, words("LABELS"), words("CONTEXTS"), subjects, strict=True
        )
        if not (person and who and who != person)
    ]
    return _in_order(events)


def _in_order(events: list[Event]) -> tuple[Event, ...]:
    return tuple(sorted((e for e in events if np.isfinite(e.time_s)), key=lambda event: event.time_s))
