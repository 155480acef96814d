"""What a busy server asks of pages, in a real browser: fewer frames a second, and to go to another server.

The server here has time; a word of its is put into the line between them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, WebSocketRoute

from coxa.web.live.frames import HEADER
from tests.support.browser import Site
from tests.support.coach_pages import (
    coached,
    listening,
    number,
    played,
    shown,
    spoken,
    trained,
    wait_for,
)
from tests.support.live import demonstrated

HINGE = "hip_hinge_wall"
_LIVE = re.compile(r"/sets/[^/]+/live$")
_RATE_HZ, _FEWER_HZ = 15.0, 5.0


@dataclass
class Line:
    """One connection of the page, as both ends see it; scenes' times of the frames that went up."""

    page: WebSocketRoute
    said: list[str] = field(default_factory=list)
    frames_s: list[float] = field(default_factory=list)

    def goes_up(self, message: str | bytes, server: WebSocketRoute) -> None:
        if isinstance(message, str):
            self.said.append(message)
        else:
            self.frames_s.append(HEADER.unpack_from(message)[4])
        server.send(message)

    def tell(self, **message: object) -> None:
        self.page.send(json.dumps(message))


def tapped(context: BrowserContext) -> list[Line]:
    """Every connection of a set, from now on."""
    lines: list[Line] = []

    def through(route: WebSocketRoute) -> None:
        server, line = route.connect_to_server(), Line(route)
        route.on_message(lambda message: line.goes_up(message, server))
        lines.append(line)

    context.route_web_socket(_LIVE, through)
    return lines


def test_fewer_frames_go_up_and_the_set_goes_on_elsewhere(context: BrowserContext, site: Site) -> None:
    listening(context)
    # Frames that are spared are never answered: the camera does not wait for that.
    context.add_init_script(played(demonstrated(HINGE, repetitions=6), _RATE_HZ, most_ms=50.0))
    lines = tapped(context)
    page = context.new_page()
    coached(page, trained(site.data), HINGE, sets=1, repetitions=0)
    wait_for(page, lambda: number(page) > 0, what="a count")
    (line,) = lines

    line.tell(type="pace", hz=_FEWER_HZ)
    page.wait_for_timeout(200)  # frames that were on their way
    from_here = len(line.frames_s)
    wait_for(page, lambda: len(line.frames_s) > from_here + 15, what="fewer frames")
    sent_s = line.frames_s[from_here:]
    assert abs((len(sent_s) - 1) / (sent_s[-1] - sent_s[0]) - _FEWER_HZ) < 0.6
    counted = number(page)
    wait_for(page, lambda: number(page) > counted, what="a count at the slower pace")

    counted = number(page)
    line.tell(type="move")
    wait_for(page, lambda: len(lines) == 2 and lines[1].frames_s, what="another connection")
    assert json.loads(lines[1].said[0])["moved"] is True
    wait_for(page, lambda: number(page) > counted, what="a count there")
    assert not shown(page, "lost")
    assert not [one for one in spoken(page) if "connection" in one.lower()]
    numbers = [int(one) for one in spoken(page) if one.isdigit()]
    assert numbers == list(range(1, len(numbers) + 1))  # neither again from one nor one left out
