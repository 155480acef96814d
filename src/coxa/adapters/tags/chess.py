"""A camera's lens from pictures of the printed chess page (Zhang 2000, IEEE TPAMI 22:1330)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from coxa.adapters.tags.dictionaries import dictionary
from coxa.model.errors import NothingToMeasureError
from coxa.specs.tags import CalibrationRules, ChessPage

Floats = NDArray[np.float64]
Grey = NDArray[np.uint8]

_HALF_PX = 0.5  # OpenCV counts from the middle of the first pixel, Coxa from the corner of the picture
_CELLS = (8, 6)  # the picture is cut into so many to see how much of it was covered
_OUTLIER = 3.0  # times the usual error of a picture
_GREAT_TILT = 90.0  # percentile
FILM_AGAIN = (
    "film the page again (coxa tags print calibration), sharp and well lit: near and far, in all "
    "corners of the picture, tilted to every side by 30 degrees"
)


@dataclass(frozen=True, slots=True)
class Lens:
    """What a calibration found. Standard deviations beside each value.

    Attributes:
        size_px: width and height of the pictures.
        matrix: (3, 3), pixels counted from the corner of the picture.
        focal_sd_px: (2,) of the focal lengths.
        centre_sd_px: (2,) of the principal point.
        distortion: (4,) k1, k2, p1, p2.
        distortion_sd: (4,).
        error_px: root mean square of what is left over.
        n_pictures: used.
        n_seen: in which the page was found.
        tilt_deg: how far the page was tilted in the most tilted tenth.
        cover: share of the picture in which there were corners.
    """

    size_px: tuple[int, int]
    matrix: Floats
    focal_sd_px: Floats
    centre_sd_px: Floats
    distortion: Floats
    distortion_sd: Floats
    error_px: float
    n_pictures: int
    n_seen: int
    tilt_deg: float
    cover: float

    def lines(self) -> tuple[str, ...]:
        """For people to read."""
        (fx, fy), (sx, sy) = np.diag(self.matrix)[:2], self.focal_sd_px
        (cx, cy), (ux, uy) = self.matrix[:2, 2], self.centre_sd_px
        k1, k2, p1, p2 = self.distortion
        wide, high = self.size_px
        return (
            f"focal length    {fx:.1f} +- {sx:.1f}, {fy:.1f} +- {sy:.1f} px",
            f"principal point {cx:.1f} +- {ux:.1f}, {cy:.1f} +- {uy:.1f} px of {wide} x {high}",
            f"distortion      k1 {k1:.4f}, k2 {k2:.4f}, p1 {p1:.5f}, p2 {p2:.5f}",
            f"left over       {self.error_px:.2f} px in {self.n_pictures} of {self.n_seen} pictures",
        )


@dataclass(frozen=True, slots=True)
class _Seen:
    """Corners of the page in one picture: on the page (n, 3) m, and (n, 2) px."""

    page_m: NDArray[np.float32]
    picture_px: NDArray[np.float32]


def lens_from_pictures(
    pictures: Iterable[Grey], page: ChessPage, rules: CalibrationRules, where: str
) -> Lens:
    """Calibrate from grey pictures (height, width), all of one size.

    Args:
        pictures: of the page.
        page: as it was printed.
        rules: when the pictures suffice.
        where: the source, for refusals.

    Raises:
        NothingToMeasureError: they do not suffice.
    """
    board = _board(page)
    finder = cv2.aruco.CharucoDetector(board)
    seen: list[_Seen] = []
    size: tuple[int, int] | None = None
    for picture in pictures:
        here = (int(picture.shape[1]), int(picture.shape[0]))
        if size is not None and here != size:
            raise NothingToMeasureError(
                f"{where}: pictures of different sizes, {size[0]} x {size[1]} and {here[0]} x {here[1]}",
                "take all pictures with one camera, upright or on its side but not both",
            )
        size = here
        found = _find(finder, board, picture, rules.least_corners)
        if found is not None:
            seen.append(found)
    if size is None or len(seen) < rules.least_pictures:
        raise NothingToMeasureError(
            f"{where}: the page was found in {len(seen)} pictures, {rules.least_pictures} are needed",
            FILM_AGAIN,
        )
    cover = _cover(seen, size)
    if cover < rules.least_cover:
        raise NothingToMeasureError(
            f"{where}: the page covered {cover:.0%} of the picture, {rules.least_cover:.0%} are needed",
            FILM_AGAIN,
        )
    lens = _solved(_spread_out(seen, size, rules.most_pictures), size, len(seen), cover)
    _require(lens, rules, where)
    return lens


def _board(page: ChessPage) -> cv2.aruco.CharucoBoard:
    return cv2.aruco.CharucoBoard(
        (page.columns, page.rows), 1e-3 * page.square_mm, 1e-3 * page.tag_mm, dictionary(page.dictionary)
    )


def _find(
    finder: cv2.aruco.CharucoDetector, board: cv2.aruco.CharucoBoard, picture: Grey, least: int
) -> _Seen | None:
    try:
        corners, ids, _, _ = finder.detectBoard(picture)
    except cv2.error:
        return None  # OpenCV throws where too few tags agree
    if ids is None or len(ids) < least:
        return None
    on_page = np.asarray(board.getChessboardCorners(), np.float32)[np.ravel(ids)]
    spread = np.linalg.svd(on_page[:, :2] - on_page[:, :2].mean(axis=0), compute_uv=False)
    if spread[1] < 0.1 * spread[0]:
        return None  # all in one row
    return _Seen(on_page, np.asarray(corners, np.float32).reshape(-1, 2))


def _cover(seen: list[_Seen], size: tuple[int, int]) -> float:
    points = np.concatenate([one.picture_px for one in seen])
    cell = np.clip(points / size * _CELLS, 0, np.array(_CELLS) - 1).astype(int)
    return len(np.unique(cell[:, 0] * _CELLS[1] + cell[:, 1])) / (_CELLS[0] * _CELLS[1])


def _spread_out(seen: list[_Seen], size: tuple[int, int], most: int) -> list[_Seen]:
    """Pictures that differ most from one another: by place, size and shape of the page in them."""
    if len(seen) <= most:
        return seen
    looks = np.array([_look(one, size) for one in seen])
    chosen = [int(np.argmax([len(one.page_m) for one in seen]))]
    apart = np.linalg.norm(looks - looks[chosen[0]], axis=1)
    while len(chosen) < most:
        chosen.append(int(np.argmax(apart)))
        apart = np.minimum(apart, np.linalg.norm(looks - looks[chosen[-1]], axis=1))
    return [seen[k] for k in sorted(chosen)]


def _look(one: _Seen, size: tuple[int, int]) -> Floats:
    page = np.column_stack([one.page_m[:, :2], np.ones(len(one.page_m))])
    affine = np.linalg.lstsq(page, one.picture_px / max(size), rcond=None)[0]
    middle = one.picture_px.mean(axis=0) / max(size)
    return np.concatenate([middle, 0.1 * affine[:2].ravel()])


def _solved(seen: list[_Seen], size: tuple[int, int], n_seen: int, cover: float) -> Lens:
    flags = cv2.CALIB_FIX_K3
    for _ in range(2):
        error, matrix, distortion, turns, _, sd, _, each = cv2.calibrateCameraExtended(
            [one.page_m for one in seen],
            [one.picture_px for one in seen],
            size,
            np.eye(3),
            np.zeros(5),
            flags=flags,
        )
        usual = _OUTLIER * np.median(each)
        kept = [one for one, left in zip(seen, np.ravel(each), strict=True) if left <= usual]
        if len(kept) == len(seen):
            break
        seen = kept
    shifted = np.array(matrix, np.float64)
    shifted[:2, 2] += _HALF_PX
    spread = np.ravel(sd).astype(np.float64)
    # How far the page's normal was from the line of sight.
    tilt = [np.degrees(np.arccos(min(1.0, abs(cv2.Rodrigues(turn)[0][2, 2])))) for turn in turns]
    return Lens(
        size_px=size,
        matrix=shifted,
        focal_sd_px=spread[:2],
        centre_sd_px=spread[2:4],
        distortion=np.ravel(distortion)[:4].astype(np.float64),
        distortion_sd=spread[4:8],
        error_px=float(error),
        n_pictures=len(seen),
        n_seen=n_seen,
        tilt_deg=float(np.percentile(tilt, _GREAT_TILT)),
        cover=cover,
    )


def _require(lens: Lens, rules: CalibrationRules, where: str) -> None:
    focal_sd = float((lens.focal_sd_px / np.diag(lens.matrix)[:2]).max())
    faults = (
        (lens.n_pictures < rules.least_pictures, f"only {lens.n_pictures} pictures agree with one another"),
        (
            lens.tilt_deg < rules.least_tilt_deg,
            f"the page was tilted by {lens.tilt_deg:.0f} degrees at most",
        ),
        (
            not lens.error_px <= rules.worst_error_px,
            f"{lens.error_px:.1f} px are left over: the page was not flat, or the zoom changed",
        ),
        (not focal_sd <= rules.worst_focal_sd, f"the focal length is unsure by {focal_sd:.1%}"),
    )
    for wrong, fault in faults:
        if wrong:
            raise NothingToMeasureError(f"{where}: {fault}", FILM_AGAIN)
