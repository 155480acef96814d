"""What a server did, in figures for Prometheus: nobody's name, id or address is among the labels."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

MEDIA_TYPE = CONTENT_TYPE_LATEST
_LATENCY_S = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
_CUE_S = (0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.5, 1)


class Metrics:
    """Figures of one server, in a registry of its own.

    Attributes:
        requests: by route, method and status.
        latency_s: of answers, by route.
        live_sets: that are under way.
        frames: that came over sockets, by channel and what became of them.
        cue_s: from a frame's arrival to the scene that answers it.
        jobs: by kind and state; set when they change.
        refused_sign_ins: passwords and passkeys that were none.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        own = self.registry
        labels = ("route", "method", "status")
        self.requests = Counter("coxa_requests", "Answers.", labels, registry=own)
        self.latency_s = Histogram(
            "coxa_request_seconds", "Time to answer.", ("route",), buckets=_LATENCY_S, registry=own
        )
        self.live_sets = Gauge("coxa_live_sets", "Sets under way.", registry=own)
        self.frames = Counter("coxa_frames", "Frames of live sets.", ("channel", "fate"), registry=own)
        self.cue_s = Histogram("coxa_cue_seconds", "From frame to scene.", buckets=_CUE_S, registry=own)
        self.jobs = Counter("coxa_jobs", "Jobs that came to a state.", ("kind", "state"), registry=own)
        self.refused_sign_ins = Counter("coxa_refused_sign_ins", "Failures to sign in.", registry=own)

    def text(self) -> bytes:
        """As Prometheus reads it."""
        return generate_latest(self.registry)
