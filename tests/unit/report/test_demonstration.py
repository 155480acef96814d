"""Figures of exercises: they show what is performed, move by style sheet alone, and stay small."""

from __future__ import annotations

import io
import json
import re
import struct
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy.spatial.transform import Rotation

from coxa.adapters.sinks.figure import ENDINGS, gif, write_figure, write_figures
from coxa.catalog.exercises import exercises
from coxa.model.errors import OutputError
from coxa.report.demonstration.glb import glb
from coxa.report.demonstration.outlook import HEIGHT, WIDTH, camera_of
from coxa.report.demonstration.played import played
from coxa.report.demonstration.props import staged
from coxa.report.demonstration.stage import Stage
from coxa.report.demonstration.stream import stream
from coxa.report.demonstration.svg import svg
from coxa.simulate.demonstrate import one_repetition
from coxa.simulate.perform import perform

Floats = NDArray[np.float64]
NAMES = tuple(exercises())
SVG = "{http://www.w3.org/2000/svg}"
MM = 1e-3


@cache
def stage_of(name: str) -> Stage:
    return staged(played(exercises()[name]))


@cache
def svg_of(name: str) -> str:
    return svg(stage_of(name))


def performed(name: str, side: str = "right") -> Floats:
    """(n_poses, n_bodies, 3) where the demonstration itself has the segments at its key poses."""
    script = one_repetition(exercises()[name], side)
    person = stage_of(name).played.performance.person
    return perform(script, person, np.array([pose.time_s for pose in script.key_poses])).segments()[0]


@pytest.mark.parametrize("name", NAMES)
def test_every_key_pose_is_shown_as_performed(name: str) -> None:
    stage = stage_of(name)
    for pose in performed(name):
        assert np.abs(stage.place_m - pose).max(axis=(1, 2)).min() < MM
    assert np.allclose(stage.place_m[0], performed(name)[0], atol=MM)
    last = performed(name, "left")[-1] if exercises()[name].sides == "alternate" else performed(name)[-1]
    assert np.allclose(stage.place_m[-1], last, atol=MM)


@pytest.mark.parametrize("name", NAMES)
def test_the_cue_is_said_on_the_way_to_its_pose_and_there(name: str) -> None:
    one, spec = played(exercises()[name]), exercises()[name]
    poses = spec.demonstration.poses
    for before, pose in pairwise(poses):
        if pose.cue:
            time_s = one.performance.time_s[: one.n_frames]
            on_the_way = (time_s > before.at_s) & (time_s <= pose.at_s)
            assert on_the_way.any()
            said = [one.captions[k] for k in np.flatnonzero(on_the_way)]
            assert all(caption.text == pose.cue and caption.strong for caption in said)
    assert one.captions[one.key_frame].strong


@pytest.mark.parametrize("name", NAMES)
def test_nothing_leaves_the_sheet_or_sinks_into_the_floor(name: str) -> None:
    stage = stage_of(name)
    camera = camera_of(stage)
    for solid in (*stage.body, *stage.props):
        at, metre, _ = camera.seen(solid.centres_m)
        radius = (metre * solid.radii_m)[..., None]
        assert (at - radius > 0).all()
        assert (at + radius < [WIDTH, HEIGHT]).all()
    for solid in stage.body:
        lowest = float((solid.centres_m[..., 1] - solid.radii_m).min())
        assert lowest > stage.floor_m - 0.08, solid.name


@pytest.mark.parametrize("name", NAMES)
def test_an_svg_has_every_frame_once_and_asks_for_nothing(name: str) -> None:
    stage = stage_of(name)
    text = svg_of(name)
    assert len(text.encode()) < 150_000
    root = ElementTree.fromstring(text)  # noqa: S314 (our own)
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == exercises()[name].title
    assert len(root.findtext(f"{SVG}desc") or "") > 40
    moving = [g for g in root.iter(f"{SVG}g") if g.find(f"{SVG}text") is None]
    assert len(moving) == stage.played.n_frames
    still = [k for k, g in enumerate(moving) if "e" in (g.get("class") or "").split()]
    assert still == [stage.played.key_frame]
    assert not re.search(r"<script|href|url\(|@import|https?://(?!www\.w3\.org/2000/svg)", text)
    assert "prefers-reduced-motion" in text
    assert "NaN" not in text


@pytest.mark.parametrize("name", NAMES)
def test_the_frames_of_an_svg_follow_one_another_without_a_gap(name: str) -> None:
    text, one = svg_of(name), stage_of(name).played
    share = {
        n: float(p) for n, p in re.findall(r"@keyframes (k\d+)\{0%\{visibility:visible\}([\d.]+)%", text)
    }
    shown = re.findall(r'<g class="f (k\d+)(?: e)?" style="animation-delay:(-[\d.]+)s"><path', text)
    begins = np.array([float(delay) + one.lasts_s for _, delay in shown])
    ends = begins + np.array([share[n] / 100 * one.lasts_s for n, _ in shown])
    assert begins[0] == pytest.approx(0.0, abs=0.006)
    assert (ends[:-1] >= begins[1:]).all()
    assert (ends[:-1] - begins[1:] < 0.02).all()
    assert ends[-1] >= one.lasts_s - 1e-6


@pytest.mark.parametrize("name", NAMES)
def test_a_gif_shows_the_same_round(name: str) -> None:
    one = stage_of(name).played
    content = gif(stage_of(name))
    assert len(content) < 400_000
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.info["loop"] == 0
        lengths = []
        for k in range(getattr(picture, "n_frames", 1)):
            picture.seek(k)
            lengths.append(picture.info["duration"] / 1000)
    assert sum(lengths) == pytest.approx(one.lasts_s)
    # Frames so alike that no point of the picture differs are one in a GIF.
    assert one.n_frames - 4 <= len(lengths) <= one.n_frames
    assert np.isin(np.round(np.cumsum(lengths)[:-1], 3), np.round(one.begins_s, 3)).all()


class Glb:
    """A GLB read again, with nothing of what wrote it."""

    def __init__(self, content: bytes) -> None:
        magic, version, total = struct.unpack_from("<4sII", content)
        assert (magic, version, total) == (b"glTF", 2, len(content))
        length, kind = struct.unpack_from("<I4s", content, 12)
        assert kind == b"JSON"
        self.document: dict[str, Any] = json.loads(content[20 : 20 + length])
        size, kind = struct.unpack_from("<I4s", content, 20 + length)
        assert kind == b"BIN\0"
        self._numbers = content[28 + length :]
        assert size == len(self._numbers) == self.document["buffers"][0]["byteLength"]
        assert "uri" not in self.document["buffers"][0]

    def values(self, accessor: int) -> Floats:
        told = self.document["accessors"][accessor]
        view = self.document["bufferViews"][told["bufferView"]]
        width = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}[told["type"]]
        dtype = {5126: "<f4", 5123: "<u2"}[told["componentType"]]
        start, end = view["byteOffset"], view["byteOffset"] + view["byteLength"]
        flat = np.frombuffer(self._numbers[start:end], dtype)
        assert len(flat) == told["count"] * width
        table = flat.reshape(-1, width).astype(float)
        assert np.allclose(table.min(axis=0), told["min"], atol=1e-5)
        assert np.allclose(table.max(axis=0), told["max"], atol=1e-5)
        return table

    def places(self, frame: int) -> Mapping[str, Floats]:
        """Where every node beneath the room is, m, by following the tree."""
        nodes = self.document["nodes"]
        local = [
            (
                np.array(n.get("translation", [0, 0, 0]), float),
                np.array(n.get("rotation", [0, 0, 0, 1]), float),
            )
            for n in nodes
        ]
        (animation,) = self.document["animations"]
        for channel in animation["channels"]:
            sampler = animation["samplers"][channel["sampler"]]
            value = self.values(sampler["output"])[frame]
            place, turn = local[channel["target"]["node"]]
            target = channel["target"]
            local[target["node"]] = (value, turn) if target["path"] == "translation" else (place, value)
        found: dict[str, Floats] = {}

        def follow(node: int, place: Floats, turn: Rotation) -> None:
            at, own = local[node]
            here, turned = place + turn.apply(at), turn * Rotation.from_quat(own)
            found.setdefault(nodes[node]["name"], here)
            for child in nodes[node].get("children", []):
                follow(child, here, turned)

        (room,) = self.document["scenes"][0]["nodes"]
        for child in nodes[room]["children"]:
            follow(child, np.zeros(3), Rotation.identity())
        return found


@pytest.mark.parametrize("name", NAMES)
def test_a_glb_moves_its_nodes_to_where_the_joints_are(name: str) -> None:
    stage, one = stage_of(name), stage_of(name).played
    content = glb(stage)
    assert len(content) < 200_000
    read = Glb(content)
    (animation,) = read.document["animations"]
    time_s = read.values(animation["samplers"][0]["input"])[:, 0]
    assert np.allclose(time_s, [*one.begins_s, one.lasts_s], atol=1e-4)
    segments = one.performance.person.body.bodies
    for frame in {0, one.key_frame, one.n_frames - 1}:
        places = read.places(frame)
        for i, segment in enumerate(segments):
            assert np.linalg.norm(places[segment] - stage.place_m[frame, i]) < MM, segment
    for mesh in read.document["meshes"]:
        (primitive,) = mesh["primitives"]
        points = read.values(primitive["attributes"]["POSITION"])
        assert read.values(primitive["indices"]).max() == len(points) - 1


def test_a_glb_shows_its_surfaces_from_outside() -> None:
    read = Glb(glb(stage_of("squat")))
    for mesh in read.document["meshes"]:
        (primitive,) = mesh["primitives"]
        points = read.values(primitive["attributes"]["POSITION"])
        corners = points[read.values(primitive["indices"])[:, 0].astype(int).reshape(-1, 3)]
        volume = np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6
        assert volume > 0, mesh["name"]


@pytest.mark.parametrize("name", NAMES)
def test_a_stream_of_joints_leads_to_the_same_places(name: str) -> None:
    stage, told = stage_of(name), json.loads(json.dumps(stream(stage_of(name))))
    assert len(told["rotation"]) == len(told["time_s"]) == stage.played.n_frames
    frame = told["key_frame"]
    places: list[Floats] = []
    turns: list[Rotation] = []
    for segment, quaternion in zip(told["segments"], told["rotation"][frame], strict=True):
        own = Rotation.from_quat(quaternion)
        parent = segment["parent"]
        if parent < 0:
            places.append(np.array(told["pelvis_m"][frame]))
            turns.append(own)
        else:
            places.append(places[parent] + turns[parent].apply(segment["place_m"]))
            turns.append(turns[parent] * own)
    assert np.linalg.norm(np.array(places) - stage.place_m[frame], axis=1).max() < MM


def test_a_table_is_under_the_back_of_who_lies_on_it_and_stands_on_the_floor() -> None:
    lying = next(one for one in exercises().values() if one.demonstration.stance == "supine")
    stage = staged(played(lying.model_copy(update={"equipment": ("table",)})))
    (table,) = stage.props
    corners = table.at(0)
    thorax = next(solid for solid in stage.body if solid.name == "thorax")
    back_m = float((thorax.at(0)[:, 1] - thorax.radii_m).min())
    assert corners[:, 1].max() <= back_m
    assert corners[:, 1].max() > back_m - 0.05
    assert abs(corners[:, 1].min() - stage.floor_m) < 0.01
    for axis in (0, 2):
        low, high = corners[:, axis].min(), corners[:, axis].max()
        assert low <= thorax.at(0)[:, axis].min() <= thorax.at(0)[:, axis].max() <= high


def test_props_follow_the_words_of_the_equipment() -> None:
    told = {name: {prop.name for prop in stage_of(name).props} for name in NAMES}
    assert told["squat"] == set()
    assert told["hip_hinge_dowel"] == {"dowel"}
    assert told["hip_hinge_wall"] == {"wall"}
    assert told["hip_airplane"] == {"chair"}
    assert told["hip_airplane_loaded"] == {"kettlebell", "handle"}
    assert told["step_up"] == {"step"}
    assert told["clam"] == {"mat"}
    assert told["deadlift"] == {"barbell", "plate"}


def test_what_one_stands_on_is_under_the_foot() -> None:
    stage = stage_of("step_up")
    (step,) = stage.props
    sole = stage.points("foot_right", (0.05, -0.078, 0.0))
    assert step.centres_m[..., 1].max() + step.radii_m.max() == pytest.approx(sole[0, 1], abs=0.01)
    other = stage.points("foot_left", (0.05, -0.078, 0.0))
    assert other[0, 1] == pytest.approx(stage.floor_m, abs=0.03)


def test_the_left_side_is_the_mirror_of_the_right() -> None:
    spec = exercises()["clam"]
    right, left = staged(played(spec)), staged(played(spec, "left"))
    bodies = right.played.performance.person.body.bodies
    here, there = bodies.index("tibia_right"), bodies.index("tibia_left")
    assert np.allclose(right.place_m[:, here] * [1, 1, -1], left.place_m[:, there], atol=MM)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_figure_is_written_as_its_name_ends_and_never_over_another(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"squat{ending}"
    assert write_figure(exercises()["squat"], path) == stage_of("squat").played.n_frames
    written = path.read_bytes()
    with pytest.raises(OutputError, match="exists"):
        write_figure(exercises()["clam"], path)
    assert path.read_bytes() == written
    write_figure(exercises()["clam"], path, overwrite=True)
    assert path.read_bytes() != written


def test_an_unknown_ending_is_refused_with_those_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as refused:
        write_figure(exercises()["squat"], tmp_path / "squat.avi")
    assert ".svg, .gif, .glb, .json" in refused.value.remedy
    assert not list(tmp_path.iterdir())


def test_the_page_shows_all_that_were_written(tmp_path: Path) -> None:
    some = {name: exercises()[name] for name in NAMES[:3]}
    page = write_figures(some, tmp_path / "figures")
    shown = re.findall(r'src="([^"]+)"', page.read_text(encoding="utf-8"))
    assert shown == [f"{name}.svg" for name in some]
    assert all((page.parent / name).is_file() for name in shown)
    with pytest.raises(OutputError, match="exists"):
        write_figures(some, tmp_path / "figures")
