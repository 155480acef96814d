"""Four cameras and one fit, and each camera alone against it.

Real video with no reference angles: four synchronised, calibrated cameras around a man who keeps his balance
on a beam. What can be told: how well one body explains all pictures, how far limb lengths wander when left
free, and how far each single camera is from what four of them say, which has an error of its own. The cameras
look down by 18-25 degrees and stand askew by up to 24, which a single level camera does not know.

Nothing was fitted to these films.

Usage: python scripts/fetch_demo.py four && python benchmarks/four_cameras.py [--pose heavy]
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from coxa.app.agreement import family  # noqa: E402
from coxa.estimate.readout import segments  # noqa: E402
from coxa.model.coordinates import ALL, SIDES  # noqa: E402
from coxa.model.motion import Motion, Observability  # noqa: E402
from coxa.model.recording import Recording  # noqa: E402
from tests.support.four_cameras import (  # noqa: E402
    ABSENT,
    FOLDER,
    MIN_VISIBILITY,
    Film,
    Fit,
    dlt,
    films,
    fit,
    joined,
    view_angle_deg,
)

Floats = NDArray[np.float64]

LIMBS = {
    "thigh": ("hip", "knee", "femur"),
    "shank": ("knee", "ankle", "tibia"),
    "upper arm": ("shoulder", "elbow", "upper_arm"),
    "forearm": ("elbow", "wrist", "forearm"),
}
#: How level cameras at home are, by design: not fitted to these, which are tilted three times as much.
ROLL_SD_DEG, PITCH_SD_DEG = 3.0, 8.0
LEVELS = (Observability.OBSERVED, Observability.WEAK)


def main() -> None:
    """Fit, compare, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pose", default="heavy", choices=["lite", "full", "heavy"])
    options = parser.parse_args()
    if not (FOLDER / "cam01.mp4").exists():
        raise SystemExit(ABSENT)
    taken = films(options.pose)
    views = [film.view() for film in taken]
    raw = joined(views, find_clocks=False)
    whole = joined(views)
    print(f"{options.pose} network, {whole.recording.n_frames} frames\n")
    print("camera    clock ms (sd)   off cm  doubt")
    for film, one in zip(taken, whole.cameras, strict=True):
        clock = f"{one.offset_s * 1e3:+.0f} ({one.offset_sd_s * 1e3:.0f})"
        print(f"{one.name:<10}{clock:>12}{one.off_m * 100:>9.1f}{one.doubt:>7.1f}{_stands(film)}")
    print("\n".join(whole.notes))
    four = fit(whole.recording)
    _print_reprojection(raw.recording, whole.recording, fit(raw.recording), four)
    _print_lengths(whole.recording, four)
    pairs: dict[str, list[tuple[str, float, Motion, Motion]]] = {
        "level": [],
        "tilted": [],
        "told": [],
        "known": [],
        "others": [],
    }
    for k, film in enumerate(taken):
        alone, known = fit(film.alone()).motion, fit(_only(whole.recording, k)).motion
        three = fit(joined(views[:k] + views[k + 1 :]).recording)
        camera = views[k].points.camera
        reference = four.seen_from(camera)
        angle = view_angle_deg(reference)
        pairs["level"].append((film.name, angle, alone, reference))
        unsure = fit(film.alone(ROLL_SD_DEG, PITCH_SD_DEG)).motion
        pairs["tilted"].append((film.name, angle, unsure, reference))
        told = fit(film.alone(told_tilt=True)).motion
        pairs["told"].append((film.name, angle, told, reference))
        pairs["known"].append((film.name, angle, known, four.motion))
        pairs["others"].append((film.name, angle, known, three.motion))
    for title, key in (
        ("each camera alone, level at the origin, field of view assumed, against all four", "level"),
        ("the same, the camera believed to be level only so far (roll, pitch)", "tilted"),
        ("each camera alone, its tilt told, field of view assumed, against all four", "told"),
        ("each camera alone, its place and lens known, against all four", "known"),
        ("the same against the other three cameras, which share no picture with it", "others"),
    ):
        for level in LEVELS:
            _print_table(f"{title}; where the single camera says '{level.label}'", pairs[key], level)


def _stands(film: Film) -> str:
    camera = film.lens.pinhole(*film.size_px)
    pitch, roll = np.degrees([camera.pitch_down_rad, camera.roll_clockwise_rad])
    return f"   looks down {pitch:.0f}, askew {roll:+.0f} deg"


def _only(recording: Recording, k: int) -> Recording:
    """One of the cameras, believed as if it were the only one."""
    return replace(recording, image_points=(replace(recording.image_points[k], doubt=1.0),))


def _print_reprojection(raw: Recording, timed: Recording, fit_raw: Fit, fit_timed: Fit) -> None:
    print(f"\n{'reprojection, px at full resolution':<44}{'median':>8}{'p90':>8}   each camera's median")
    for label, recording, found in (
        ("clocks as filmed", raw, fit_raw),
        ("clocks set right", timed, fit_timed),
    ):
        landmarks = found.estimator.image_landmarks[0]
        seen = np.stack([image.position_px[:, landmarks.columns] for image in recording.image_points])
        visible = np.stack([image.visibility[:, landmarks.columns] for image in recording.image_points])
        usable = (visible >= MIN_VISIBILITY) & np.isfinite(seen[..., 0])
        cameras = [image.camera for image in recording.image_points]
        room = dlt(cameras, seen, usable)
        off = np.stack(
            [np.linalg.norm(c.project(room) - s, axis=-1) for c, s in zip(cameras, seen, strict=True)]
        )
        off[~usable] = np.nan
        for what, values in (("plain triangulation (DLT)", off), ("one body in all cameras", found.off_px())):
            each = " ".join(f"{np.nanmedian(one):5.1f}" for one in values)
            median, p90 = np.nanmedian(values), np.nanpercentile(values, 90)
            print(f"{what + ', ' + label:<44}{median:>8.1f}{p90:>8.1f}   {each}")


def _print_lengths(recording: Recording, found: Fit) -> None:
    """Lengths of limbs as plain triangulation has them frame by frame, and as the fit has them."""
    names = recording.image_points[0].names
    seen = np.stack([image.position_px for image in recording.image_points])
    usable = np.stack([image.visibility for image in recording.image_points]) >= MIN_VISIBILITY
    room = dlt([image.camera for image in recording.image_points], seen, usable & np.isfinite(seen[..., 0]))
    body, path = found.estimator.body, found.smoothed.path
    place, _ = segments(body, path.pose, path.shared[: body.n_lengths])
    ends = {"hip": "femur", "knee": "tibia", "ankle": "foot", "shoulder": "humerus", "elbow": "forearm"}
    print(f"\n{'limb, cm':<20}{'triangulated mean':>18}{'sd over frames':>16}{'fit':>8}{'its sd':>8}")
    for limb, (upper, lower, length) in LIMBS.items():
        for side in SIDES:
            free = np.linalg.norm(
                room[:, names.index(f"{side}_{upper}")] - room[:, names.index(f"{side}_{lower}")], axis=-1
            )
            if lower in ends:
                a, b = (body.bodies.index(f"{ends[end]}_{side}") for end in (upper, lower))
                fitted = float(np.linalg.norm(place[0, a] - place[0, b]))
            else:
                _, local = body.sites[f"{side}_{lower}"]
                factor = body.length_factor(path.shared[: body.n_lengths])[
                    body.length_of_site[f"{side}_{lower}"]
                ]
                fitted = float(np.linalg.norm(local * factor))
            sd = _length_sd(found, length) * fitted
            print(
                f"{side + ' ' + limb:<20}{np.nanmean(free) * 100:>18.1f}{np.nanstd(free) * 100:>16.1f}"
                f"{fitted * 100:>8.1f}{sd * 100:>8.1f}"
            )


def _length_sd(found: Fit, length: str) -> float:
    """Of the logarithm of stature and proportion together."""
    lengths = list(found.estimator.priors.lengths)
    rows = found.estimator.body.n_dof + np.array([0, 1 + lengths.index(length)])
    return float(np.sqrt(found.smoothed.covariance[0][np.ix_(rows, rows)].sum()))


def _print_table(title: str, pairs: list[tuple[str, float, Motion, Motion]], level: Observability) -> None:
    angles = "".join(f"{name} {angle:+.0f}".rjust(16) for name, angle, _, _ in pairs)
    print(
        f"\n{title}\n{'mean |error| deg (share in the 95%)':<36}{angles}{'together':>16}{'with both sd':>13}"
    )
    every: list[list[Floats]] = []
    for coordinate in dict.fromkeys(family(name) for name in ALL):
        cells = [_errors(coordinate, alone, reference, level) for _, _, alone, reference in pairs]
        if sum(cell.shape[1] for cell in cells):
            every.append(cells)
            _print_row(coordinate, cells)
    if every:
        _print_row("all", [np.concatenate(same, axis=1) for same in zip(*every, strict=True)])


def _print_row(title: str, cells: list[Floats]) -> None:
    together = np.concatenate(cells, axis=1)
    row = "".join(_cell(cell).rjust(16) for cell in [*cells, together])
    print(f"{title:<36}{row}{np.mean(together[0] <= 1.96 * together[2]):>13.2f}")


def _errors(coordinate: str, alone: Motion, reference: Motion, level: Observability) -> Floats:
    """(3, n): error, its stated sd, and that with the reference's own in quadrature; deg."""
    found = []
    for name in (n for n in ALL if family(n) == coordinate):
        k = ALL.index(name)
        n = min(len(alone.time_s), len(reference.time_s))
        error = alone.value[:n, k] - reference.value[:n, k]
        error = np.abs(error - 2 * np.pi * np.round(error / (2 * np.pi)))
        sd = alone.sd[:n, k]
        counts = (alone.observability[:n, k] == level) & np.isfinite(error)
        counts &= reference.observability[:n, k] >= min(level, reference.observability[:n, k].max(initial=0))
        found.append(np.degrees(np.stack([error, sd, np.hypot(sd, reference.sd[:n, k])]))[:, counts])
    return np.concatenate(found, axis=1)


def _cell(table: Floats) -> str:
    if not table.shape[1]:
        return "-"
    return f"{table[0].mean():.1f} ({np.mean(table[0] <= 1.96 * table[1]):.2f})"


if __name__ == "__main__":
    main()
