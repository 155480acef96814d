"""What uploaded recordings may cost."""

from __future__ import annotations

from pydantic import Field

from coxa.specs.estimator import Sourced


class UploadRules(Sourced):
    """Limits of uploads and of the jobs that read them.

    Attributes:
        version: of the file.
        memory_mb: in use by the process that reads one recording.
        addresses_mb: its address space; native libraries reserve far more than they use.
        time_s: for one job.
        start_s: until the process is ready.
        silence_s: without a sign of life.
        file_mb: the largest file it may write.
        open_files: at once.
        nice: how far it steps back behind others.
        message_kb: the longest line it may tell.
        most_pixels: of a picture.
        most_side_px: of a picture.
        most_duration_s: of a film.
        most_files: of one job.
        side_file_mb: of calibrations and the like.
        text_file_mb: of a recording that is text.
        waiting_per_person: files that wait on the disk, in times of the largest recording.
        spare_disk_mb: stays free.
        chunk_mb: the most that is sent at once.
        keep_waiting_h: what nobody asked for any more is removed after so long.
        most_open: jobs of one person that are queued or running.
        most_attempts: of a job whose worker was lost.
        lost_after_s: a worker without a heartbeat for so long is lost.
        beat_s: between heartbeats.
        idle_s: between looks for work.
    """

    version: int
    memory_mb: float = Field(gt=0)
    addresses_mb: float = Field(gt=0)
    time_s: float = Field(gt=0)
    start_s: float = Field(gt=0)
    silence_s: float = Field(gt=0)
    file_mb: float = Field(gt=0)
    open_files: int = Field(gt=0)
    nice: int = Field(ge=0, le=19)
    message_kb: int = Field(gt=0)
    most_pixels: int = Field(gt=0)
    most_side_px: int = Field(gt=0)
    most_duration_s: float = Field(gt=0)
    most_files: int = Field(gt=0)
    side_file_mb: float = Field(gt=0)
    text_file_mb: float = Field(gt=0)
    waiting_per_person: float = Field(ge=1)
    spare_disk_mb: float = Field(ge=0)
    chunk_mb: float = Field(gt=0)
    keep_waiting_h: float = Field(gt=0)
    most_open: int = Field(gt=0)
    most_attempts: int = Field(gt=0)
    lost_after_s: float = Field(gt=0)
    beat_s: float = Field(gt=0)
    idle_s: float = Field(gt=0)
