"""Where the camera goes, in words."""

from __future__ import annotations

from coxa.report.placement import Words, placement
from coxa.specs.protocol import CameraPlace, ProtocolSpec
from coxa_docs.markdown import plain

_FROM = {
    "front": "straight in front",
    "oblique": "in front, at an angle of 45°",
    "side": "right beside the person",
    "rear": "straight behind",
    "overhead": "above, looking straight down",
    "any": "anywhere",
}


def where(camera: CameraPlace) -> str:
    """One sentence, and the note of the file."""
    place = (
        f"The camera stands {_FROM[camera.view]}, {camera.distance_m:g} m away, {camera.height_m:g} m high."
    )
    if camera.view == "overhead":
        place = "The camera hangs above the person and looks straight down."
    return f"{place} {plain(camera.note)}".strip()


def drawn(spec: ProtocolSpec) -> str:
    """The picture that the app shows, coloured by the site's style sheet."""
    words = Words("From above", "From the side", "camera", "you", where(spec.camera))
    return f"```{{raw}} html\n{placement(spec, words, 'right' if spec.sides == 'each' else '')}\n```"
