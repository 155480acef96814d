"""Keypoints that other software found: OpenPose, MediaPipe, COCO, Kinect, DeepLabCut and SLEAP."""

from coxa.adapters.sources.keypoints.dispatch import open_folder, open_json

__all__ = ["open_folder", "open_json"]
