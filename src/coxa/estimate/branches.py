"""Several answers to where a body is, carried side by side until what is seen decides.

A flat square seen small looks the same from two sides of the line of sight. Gauss-Newton from one of them
never finds the other, so a window is solved from both; answers stay as long as they may be true, each with
what it cost so far. The most probable is told, as unsure as the others make it (a sum of Gaussians: Alspach &
Sorenson 1972, IEEE Trans Autom Control 17:439).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.board_start import UNDECIDED, looks_at_boards, other_sides
from coxa.estimate.body import Pose
from coxa.estimate.estimator import Arrival, Estimator
from coxa.estimate.path import Path, differences
from coxa.estimate.readout import segments
from coxa.estimate.smoother import Schedule, Smoothed, Window
from coxa.estimate.start import start
from coxa.model.recording import Recording

Floats = NDArray[np.float64]

_MOST = 3  # answers carried at once
_ALIKE_RAD = np.radians(3.0)


@dataclass(frozen=True, slots=True)
class Branch:
    """One answer, on arriving at the frames that are not final.

    Attributes:
        arrival: what the final frames tell.
        known: what the last window said of the frames that are not final.
        cost: of the final frames, negative log.
    """

    arrival: Arrival
    known: Path
    cost: float


@dataclass(frozen=True, slots=True)
class Solved:
    """One answer to a window; ``cost`` is that of everything so far."""

    window: Window
    path: Path
    cost: float

    def onward(self, frame: int, alone: bool) -> Branch:
        """This answer, when the frames before ``frame`` are final; ``alone``: none other is left."""
        path, window = self.path, self.window
        cost = 0.0 if alone else self.cost - window.cost(path) + window.cost_before(path, frame)
        return Branch(window.arrival_at(path, frame), path.window(slice(frame, None)), cost)


def solved(
    estimator: Estimator, recording: Recording, branches: Sequence[Branch], schedule: Schedule
) -> list[Solved]:
    """The answers to these frames that may be true, the most probable first.

    Args:
        estimator: body and sources.
        recording: frames that are not final, and new ones.
        branches: what went before; none at the beginning.
        schedule: how hard to iterate.
    """
    looks = looks_at_boards(recording)
    found: list[Solved] = []
    for k, branch in enumerate(branches or (None,)):
        before = None if branch is None else _before(estimator, recording, branch.known)
        # The others are other ways already.
        for way in (looks, *(other_sides(looks, before) if k == 0 else ())):
            pose = start(recording, estimator.body, estimator.expected_stature_factor, before, way)
            found.append(_solved(estimator, recording, branch, pose, schedule))
    return _distinct(found)


def told(answers: Sequence[Solved]) -> Smoothed:
    """The posterior about the most probable answer; the others widen it by their probability."""
    first = answers[0]
    best = first.window.posterior(first.path)
    if len(answers) == 1:
        return best
    chance = np.exp([first.cost - one.cost for one in answers])
    chance /= chance.sum()
    covariance = chance[0] * best.covariance
    for share, one in zip(chance[1:], answers[1:], strict=True):
        n_lengths = covariance.shape[1] - first.path.rate.shape[1]
        off = differences(one.path, first.path, n_lengths)
        spread = off[:, :, None] * off[:, None, :]
        covariance += share * (one.window.posterior(one.path).covariance + spread)
    return replace(best, covariance=covariance)


def _solved(
    estimator: Estimator, recording: Recording, branch: Branch | None, pose: Pose, schedule: Schedule
) -> Solved:
    arrival, cost = (estimator.first_arrival(pose), 0.0) if branch is None else (branch.arrival, branch.cost)
    if branch is not None:
        pose = Pose.concatenate([branch.known.pose, pose.window(slice(len(branch.known.pose), None))])
    window = Window(estimator, recording, arrival)
    path, more = window.solve(window.initial(pose), schedule)
    return Solved(window, path, cost + more)


def _before(estimator: Estimator, recording: Recording, known: Path) -> dict[str, Floats] | None:
    """Segment -> rotations of the frames that the last window knew, where boards ask for them."""
    if not recording.boards:
        return None
    body = estimator.body
    rotation = segments(body, known.pose, estimator.lengths(known.shared))[1]
    return {name: rotation[:, k] for k, name in enumerate(body.bodies)}


def _distinct(found: list[Solved]) -> list[Solved]:
    """The cheapest of every answer, as far as they are not out of the question."""
    kept: list[Solved] = []
    for one in sorted(found, key=lambda each: each.cost):
        alike = any(np.abs(differences(one.path, other.path)).max() < _ALIKE_RAD for other in kept)
        if not kept or (one.cost < kept[0].cost + UNDECIDED and not alike):
            kept.append(one)
    return kept[:_MOST]
