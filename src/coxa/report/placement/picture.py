"""The picture: two panels of one drawing, coloured by the page it stands in: its parts have classes."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import atan2, cos, degrees, radians, sin

from coxa.report.placement.figures import END_ON, FIGURES, Figure
from coxa.specs.protocol import ProtocolSpec

_WIDTH, _HEIGHT = 640.0, 300.0
_AZIMUTH_DEG = {"front": 0.0, "oblique": 45.0, "side": 90.0, "rear": 180.0, "any": 0.0, "overhead": 0.0}
_FIELD_DEG = 50.0
#: Middle of the person and of the camera from above; ground, person and camera from the side.
_ABOVE = (140.0, 76.0, 248.0)
_GROUND, _PERSON_X, _CAMERA_X = 250.0, 546.0, 376.0
_PX_A_M = 92.0


@dataclass(frozen=True, slots=True)
class Words:
    """What is written into the picture, in the reader's language.

    Attributes:
        above: title of the view from above.
        beside: of that from the side.
        camera: of the camera.
        you: of the person.
        alt: all of it in one sentence.
    """

    above: str
    beside: str
    camera: str
    you: str
    alt: str


def placement(protocol: ProtocolSpec, words: Words, side: str = "") -> str:
    """The camera, the person, the view and the distance as SVG.

    Args:
        protocol: the test.
        words: of the picture.
        side: that is tested, ``left`` or ``right``: it is turned to a camera at the side.
    """
    figure = FIGURES[protocol.position]
    across = figure.lying and protocol.camera.view in ("side", "oblique")
    beside = END_ON if across else figure
    parts = [*_from_above(protocol, words, figure, side), *_from_the_side(protocol, words, beside)]
    return (
        f'<svg class="placement" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" role="img" '
        f'aria-label="{escape(words.alt)}">{"".join(parts)}</svg>'
    )


def _from_above(protocol: ProtocolSpec, words: Words, figure: Figure, side: str) -> list[str]:
    x, person_y, camera_y = _ABOVE
    azimuth = _AZIMUTH_DEG[protocol.camera.view]
    # The camera stands below and looks up the picture; somebody facing it faces down. Whoever shows the
    # right side faces to the right of the picture, whoever shows the left one to its left.
    turned = -azimuth if side != "left" else azimuth
    body = _lying_from_above(figure) if figure.lying else _upright_from_above()
    if protocol.camera.view == "overhead":
        camera_y = person_y + 40.0
    distance = f"{protocol.camera.distance_m:g} m"
    return [
        _text(14, 22, words.above, "title"),
        _cone(x, camera_y - 12, -90.0, camera_y - person_y + 46),
        f'<g transform="translate({x:.0f} {person_y:.0f}) rotate({turned:.0f})">{body}</g>',
        _camera(x, camera_y, -90.0),
        _text(x + 20, camera_y + 8, words.camera, ""),
        _upright_measure(x - 84, person_y, camera_y),
        _text(x - 92, (person_y + camera_y) / 2 + 5, distance, "figure end"),
    ]


def _upright_from_above() -> str:
    """Shoulders, head and nose of somebody who faces down the picture."""
    return (
        '<ellipse class="body" rx="34" ry="15"/><circle class="head" r="13"/>'
        '<path class="head" d="M-5 11L0 20 5 11z"/><path class="way" d="M0 26v16m-6-7l6 8 6-8"/>'
    )


def _lying_from_above(figure: Figure) -> str:
    """Head up, feet down: turned by a quarter for a camera at the side."""
    return (
        '<circle class="head" cy="-44" r="11"/><path class="body" d="M-16-30h32l-4 40h-24z"/>'
        '<path class="limb" d="M-7 10v44M7 10v44"/>'
    )


def _from_the_side(protocol: ProtocolSpec, words: Words, figure: Figure) -> list[str]:
    height = protocol.camera.height_m
    above = protocol.camera.view == "overhead"
    camera_x = _PERSON_X if above else _CAMERA_X
    camera_y = 40.0 if above else _GROUND - height * _PX_A_M
    target_y = _GROUND - (0.15 if figure.lying else 0.6 * figure.head[1]) * _PX_A_M
    tilt = 90.0 if above else degrees(atan2(target_y - camera_y, _PERSON_X - camera_x)) * 0.3
    drawn = [
        _text(318, 22, words.beside, "title"),
        f'<path class="ground" d="M318 {_GROUND:.0f}H{_WIDTH - 8:.0f}"/>',
        _cone(camera_x + (0 if above else 10), camera_y, tilt, 180.0),
        *_person(figure, facing_left=protocol.camera.view != "rear"),
    ]
    if not above:
        tripod = f"M{camera_x:.0f} {camera_y:.0f}V{_GROUND:.0f}m-14 0L{camera_x:.0f} {_GROUND - 40:.0f}l14 40"
        drawn.append(f'<path class="tripod" d="{tripod}"/>')
        drawn.append(_upright_measure(camera_x - 26, camera_y, _GROUND))
        drawn.append(_text(camera_x - 34, (camera_y + _GROUND) / 2 + 5, f"{height:g} m", "figure end"))
        drawn.append(_level_measure(_GROUND + 18, camera_x, _PERSON_X))
        middle = (camera_x + _PERSON_X) / 2
        drawn.append(_text(middle, _GROUND + 38, f"{protocol.camera.distance_m:g} m", "figure middle"))
    drawn.append(_camera(camera_x, camera_y, tilt))
    return drawn


def _person(figure: Figure, facing_left: bool) -> list[str]:
    way = -1.0 if facing_left else 1.0

    def at(place: tuple[float, float]) -> str:
        return f"{_PERSON_X + way * place[0] * _PX_A_M:.0f} {_GROUND - place[1] * _PX_A_M:.0f}"

    drawn = [f'<path class="thing" d="M{"L".join(at(one) for one in line)}"/>' for line in figure.things]
    drawn += [f'<path class="limb" d="M{"L".join(at(one) for one in line)}"/>' for line in figure.limbs]
    x, y = at(figure.head).split()
    drawn.append(f'<circle class="head" cx="{x}" cy="{y}" r="10"/>')
    return drawn


def _upright_measure(x: float, top: float, bottom: float) -> str:
    ends = f"m-6 0h12M{x - 6:.0f} {top:.0f}h12"
    return f'<path class="measure" d="M{x:.0f} {top:.0f}V{bottom:.0f}{ends}"/>'


def _level_measure(y: float, left: float, right: float) -> str:
    ends = f"m0-6v12M{left:.0f} {y - 6:.0f}v12"
    return f'<path class="measure" d="M{left:.0f} {y:.0f}H{right:.0f}{ends}"/>'


def _cone(x: float, y: float, towards_deg: float, length: float) -> str:
    """What the camera sees; 0 looks to the right of the picture, -90 up."""
    ends = []
    for half in (-_FIELD_DEG / 2, _FIELD_DEG / 2):
        turned = radians(towards_deg + half)
        ends.append(f"{x + length * cos(turned):.0f} {y + length * sin(turned):.0f}")
    return f'<path class="cone" d="M{x:.0f} {y:.0f}L{ends[0]}L{ends[1]}z"/>'


def _camera(x: float, y: float, towards_deg: float) -> str:
    return (
        f'<g class="camera" transform="translate({x:.0f} {y:.0f}) rotate({towards_deg:.0f})">'
        '<rect x="-13" y="-9" width="20" height="18" rx="3"/><path d="M7-5l7-4v18l-7-4z"/></g>'
    )


def _text(x: float, y: float, words: str, kind: str) -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.0f}" y="{y:.0f}"{named}>{escape(words)}</text>'
