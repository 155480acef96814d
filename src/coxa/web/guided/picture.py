"""Where the camera goes, as a picture with words in the reader's language."""

from __future__ import annotations

from markupsafe import Markup
from starlette.requests import Request

from coxa.report.placement import Words, placement
from coxa.specs.protocol import ProtocolSpec
from coxa.web.words import N_, said

_FROM = {
    "front": N_("The camera stands straight in front of you, %(distance)s m away, %(height)s m high."),
    "oblique": N_("The camera stands before you at an angle of 45°, %(distance)s m away, %(height)s m high."),
    "side": N_("The camera stands right beside you, %(distance)s m away, %(height)s m high."),
    "rear": N_("The camera stands straight behind you, %(distance)s m away, %(height)s m high."),
    "overhead": N_("The camera hangs above you and looks straight down."),
    "any": N_("The camera stands %(distance)s m away, %(height)s m high."),
}


def described(request: Request, spec: ProtocolSpec) -> str:
    """Where the camera goes, in one sentence."""
    camera = spec.camera
    values = {"distance": f"{camera.distance_m:g}", "height": f"{camera.height_m:g}"}
    return said(request, _FROM[camera.view]) % values


def picture(request: Request, spec: ProtocolSpec, side: str) -> Markup:
    """The picture as SVG."""
    words = Words(
        above=said(request, N_("From above")),
        beside=said(request, N_("From the side")),
        camera=said(request, N_("camera")),
        you=said(request, N_("you")),
        alt=described(request, spec),
    )
    return Markup(placement(spec, words, side))  # noqa: S704 - our own drawing; words are escaped there
