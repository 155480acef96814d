"""Cameras calibrated from made-up pictures of the page: the lens that took them comes back, or a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from coxa.adapters.sources.calibration import read_calibration
from coxa.adapters.tags.chess import Lens, lens_from_pictures
from coxa.adapters.tags.dictionaries import dictionary
from coxa.adapters.tags.service import calibrate_camera, write_toml
from coxa.catalog import loader
from coxa.model.camera import ROOM_TO_LEVEL_CAMERA
from coxa.model.errors import NothingToMeasureError, OutputError, SourceError

SIZE = (960, 540)
MATRIX = np.array([[760.0, 0, 474.0], [0, 765.0, 275.0], [0, 0, 1]])
DISTORTION = np.array([-0.12, 0.05, 0.0006, -0.0004])
PX_PER_MM = 4.0


def _page() -> np.ndarray:
    page = loader.chess_page()
    board = cv2.aruco.CharucoBoard(
        (page.columns, page.rows), page.square_mm, page.tag_mm, dictionary(page.dictionary)
    )
    inner = board.generateImage(
        (round(page.columns * page.square_mm * PX_PER_MM), round(page.rows * page.square_mm * PX_PER_MM))
    )
    return np.asarray(cv2.copyMakeBorder(inner, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=255))


def _pictures(count: int, tilt: float = 0.5, seed: int = 0) -> Iterator[np.ndarray]:
    """A flat page before the lens; every pixel's ray is met with the page."""
    rng = np.random.default_rng(seed)
    page = _page()
    grid = (
        np.stack(np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1])), axis=-1)
        .reshape(-1, 1, 2)
        .astype(np.float64)
    )
    ray = cv2.undistortPoints(grid, MATRIX, DISTORTION).reshape(-1, 2)
    ray = np.column_stack([ray, np.ones(len(ray))])
    for _ in range(count):
        turn, _ = cv2.Rodrigues(
            np.array([rng.uniform(-tilt, tilt), rng.uniform(-tilt, tilt), rng.uniform(-0.4, 0.4)])
        )
        z = rng.uniform(0.28, 0.5)
        place = np.array([rng.uniform(-0.45, 0.45) * z, rng.uniform(-0.25, 0.25) * z, z])
        depth = (turn[:, 2] @ place) / (ray @ turn[:, 2])
        local = (ray * depth[:, None] - place) @ turn
        pixels = local[:, :2] * 1e3 * PX_PER_MM + np.array(page.shape[::-1]) / 2 - 0.5
        where = pixels.reshape(SIZE[1], SIZE[0], 2).astype(np.float32)
        picture = cv2.remap(
            cv2.GaussianBlur(page, (0, 0), 1.5),
            where[..., 0],
            where[..., 1],
            cv2.INTER_LINEAR,
            borderValue=90,
        )
        noisy = picture + rng.normal(0, 2, picture.shape)
        yield np.clip(noisy, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def lens() -> Lens:
    return lens_from_pictures(_pictures(24), loader.chess_page(), loader.tag_rules().calibration, "made up")


def test_the_lens_comes_back(lens: Lens) -> None:
    focal, centre = np.diag(lens.matrix)[:2], lens.matrix[:2, 2]
    assert focal == pytest.approx(np.diag(MATRIX)[:2], rel=0.004)
    # OpenCV's camera counts from the middle of the first pixel.
    assert centre == pytest.approx(MATRIX[:2, 2] + 0.5, abs=2.5)
    assert lens.distortion[0] == pytest.approx(DISTORTION[0], abs=0.02)
    assert lens.error_px < 0.4
    assert np.all(np.abs(focal - np.diag(MATRIX)[:2]) < 4 * lens.focal_sd_px + 1.0)


def test_what_is_written_is_read(lens: Lens, tmp_path: Path) -> None:
    path = tmp_path / "phone.toml"
    write_toml(path, "phone", lens)
    (camera,) = read_calibration(path).cameras
    assert camera.name == "phone"
    assert camera.size_px == SIZE
    assert np.allclose(camera.matrix, lens.matrix)
    assert np.allclose(camera.distortion, lens.distortion)
    # Level, as a camera is taken to stand of which nothing is told.
    assert np.allclose(camera.rotation_room_to_camera, ROOM_TO_LEVEL_CAMERA, atol=1e-9)
    assert np.allclose(camera.position_m, 0.0)


@pytest.mark.parametrize(("count", "tilt", "word"), [(3, 0.5, "3 pictures"), (14, 0.0, "tilted")])
def test_too_little_is_refused(count: int, tilt: float, word: str) -> None:
    with pytest.raises(NothingToMeasureError, match=word) as refused:
        lens_from_pictures(
            _pictures(count, tilt), loader.chess_page(), loader.tag_rules().calibration, "made up"
        )
    assert "film the page again" in refused.value.remedy


def test_files_that_are_no_pictures_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such"):
        calibrate_camera(tmp_path / "none.mp4", tmp_path / "a.toml", None, False)
    with pytest.raises(SourceError, match="no pictures"):
        calibrate_camera(tmp_path, tmp_path / "a.toml", None, False)
    (tmp_path / "a.png").write_bytes(b"nothing")
    with pytest.raises(SourceError, match="not a picture"):
        calibrate_camera(tmp_path, tmp_path / "a.toml", None, False)
    (tmp_path / "a.toml").write_text("")
    with pytest.raises(OutputError, match="exists"):
        calibrate_camera(tmp_path, tmp_path / "a.toml", None, False)


def test_folder_to_toml(tmp_path: Path) -> None:
    for k, picture in enumerate(_pictures(12, seed=2)):
        cv2.imwrite(str(tmp_path / f"{k:02d}.png"), picture)
    found = calibrate_camera(tmp_path, tmp_path / "lens.toml", None, False)
    assert found.n_pictures >= 8
    assert "focal length" in found.lines()[0]
    assert read_calibration(tmp_path / "lens.toml").cameras[0].size_px == SIZE
