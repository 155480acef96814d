"""Carries what is uncertain about the points through to the angles.

The uncertain points are moved by one standard deviation to either side, one direction at a time, and the
squares of half the differences are added up: first order, but with the angles' own bends seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.markers.body import angles, build, points_of
from coxa.estimate.markers.carry import Bridged
from coxa.estimate.markers.person import Person
from coxa.estimate.markers.points import Points
from coxa.model.coordinates import SIDES
from coxa.specs.markers import MarkerAssumptions, kind

Floats = NDArray[np.float64]

_KNOWS_NOTHING = np.pi / np.sqrt(3.0)  # rad, standard deviation of an angle that may be anything
_LIKE = {"tibial_lateral": "lateral_epicondyle", "tibial_medial": "medial_epicondyle"}
_LIKE |= {"femoral_lateral": "lateral_epicondyle", "femoral_medial": "medial_epicondyle"}
_LIKE |= {"tibial_knee": "lateral_epicondyle", "tibial_ankle": "lateral_malleolus"}
_LIKE |= {"ankle_centre": "lateral_malleolus"}  # points found functionally err like the landmarks beside them


class Move(NamedTuple):
    """Points moved together by one standard deviation along each of the first ``axes`` axes in turn.

    What is moved together must not bear on the same angle: left and right leg markers share a move.
    """

    names: tuple[str, ...]
    sd: float
    constant_share: float  # of the variance; does not change over a recording
    axes: int = 3


class Spread(NamedTuple):
    """Angles, their standard deviations and the constant part of those, (n_frames, n_coordinates) rad."""

    value: Floats
    sd: Floats
    constant_sd: Floats


def moves(person: Person, camera_sd_m: Mapping[str, float], known: MarkerAssumptions) -> list[Move]:
    """Every uncertain point, legs in pairs."""
    built = points_of(person)
    trunk = dict.fromkeys((*built["pelvis"], *built["thorax"], *built["shoulders"]))
    legs = [
        tuple(f"{side}_{name}" for side in SIDES if f"{side}_{name}" in built[f"{side}_{part}"])
        for part in ("thigh", "shank", "foot")
        for name in dict.fromkeys(kind(name) for side in SIDES for name in built[f"{side}_{part}"])
    ]
    found = [Move((f"{side}_hip_in_pelvis",), hip.sd_m, 1.0) for side, hip in person.hips.items()]
    found.append(Move(("lumbosacral_in_pelvis",), known.lumbosacral.sd_m, 1.0))
    found += [_marker((name,), camera_sd_m, known) for name in trunk]
    found += [_marker(names, camera_sd_m, known) for names in legs]
    for joint in ("knee", "ankle"):
        names = tuple(f"{side}_{joint}" for side in SIDES)
        sd = max(person.offset_sd_m[name] for name in names)
        found.append(Move(tuple(f"{name}_offset" for name in names), sd, 1.0, axes=1))
    found.append(Move(("thorax_slope",), float(np.radians(person.slope.sd_deg)), 1.0, axes=1))
    return [move for move in found if move.sd > 0.0]


def _marker(names: tuple[str, ...], camera_sd_m: Mapping[str, float], known: MarkerAssumptions) -> Move:
    landmark = kind(names[0])
    landmark = _LIKE.get(landmark, landmark)
    placement, skin = known.placement.sd_m[landmark], known.soft_tissue.sd_m[landmark]
    camera = max(camera_sd_m.get(name, 0.0) for name in names)
    variance = camera**2 + placement**2 + skin**2
    return Move(names, float(np.sqrt(variance)), placement**2 / variance if variance else 0.0)


def spread_of(
    at: Points, bridged: Bridged, uncertain: list[Move], person: Person, known: MarkerAssumptions
) -> Spread:
    """Angles of some frames and how far they may be off.

    Args:
        at: from :func:`points_needed`.
        bridged: name -> frames on which a marker was put back, and errs more.
        uncertain: from :func:`moves`.
        person: constants.
        known: what is assumed.
    """
    value = angles(build(at, person))
    variance, constant = np.zeros_like(value), np.zeros_like(value)
    for move in uncertain:
        if not any(np.isfinite(at[name]).any() for name in move.names):
            continue
        moved = dict(at)
        for name in move.names:
            factor = (
                np.where(bridged[name], known.judgement.bridged_factor, 1.0)
                if name in bridged
                else np.ones(1)
            )
            step = np.eye(3)[: move.axes, None] * (move.sd * factor)[:, None]  # (axes, n or 1, 3)
            moved[name] = at[name] + np.concatenate([step, -step])
        there = angles(build(moved, person))
        if there.ndim == value.ndim:
            continue  # nothing is built from it
        half = 0.5 * np.angle(np.exp(1j * (there[: move.axes] - there[move.axes :])))  # across +-180 deg
        added = np.sum(half**2, axis=0)
        variance += added
        constant += move.constant_share * added
    sd = np.where(np.isfinite(value), np.minimum(np.sqrt(variance), _KNOWS_NOTHING), np.nan)
    return Spread(value, sd, np.minimum(np.sqrt(constant), _KNOWS_NOTHING))
