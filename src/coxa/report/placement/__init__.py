"""Where the camera goes for a test, as a picture: from above, and from the side."""

from coxa.report.placement.picture import Words, placement

__all__ = ["Words", "placement"]
