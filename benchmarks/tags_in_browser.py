"""Tags as a browser finds them against the truth and against OpenCV, in made-up pictures of boards.

    python benchmarks/tags_in_browser.py --pictures 40

Pictures come from a seed that nothing was tried out on (the windows of the threshold were chosen on seed 0).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.browser_tags import in_browser, in_python, shot
from tests.support.tag_pictures import Film

SIZES = {"1080p": (1920, 1080), "720p": (1280, 720)}


def main() -> None:
    """Print a line a size of picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    for name, size in SIZES.items():
        rng = np.random.default_rng([told.seed, size[0]])
        shots = []
        for _ in range(told.pictures):
            film = Film(blur_px=rng.uniform(0.6, 1.2), noise=rng.uniform(2, 6))
            shots.append(shot(rng, size, rng.uniform(2.0, 3.0), rng.uniform(-45, 45), film))
        with tempfile.TemporaryDirectory() as folder:
            found = in_browser(Path(folder), [one.grey for one in shots])
        print_size(name, shots, found)


def print_size(name: str, shots: list, found: list) -> None:
    """How many tags each found, how far their corners are off."""
    n_true = sum(len(one.truth) for one in shots)
    own, other, apart, spread, false, n_cv, missed = [], [], [], [], 0, 0, 0
    for one, looked in zip(shots, found, strict=True):
        opencv = in_python(one.grey)
        n_cv += len(opencv)
        missed += len(set(opencv) - set(looked.tags))
        false += len(set(looked.tags) - set(one.truth))
        for tag, (corners, sd) in looked.tags.items():
            if tag in one.truth:
                own.append(np.linalg.norm(corners - one.truth[tag], axis=1))
                spread.append(sd)
            if tag in opencv:
                apart.append(np.linalg.norm(corners - opencv[tag], axis=1))
        other += [np.linalg.norm(opencv[tag] - one.truth[tag], axis=1) for tag in opencv if tag in one.truth]
    took = [looked.took_ms for looked in found]
    told = {"truth": own, "truth by OpenCV": other, "OpenCV's": apart}
    print(f"{name}: {n_true} faces turned to the camera; browser {len(own)}, OpenCV {n_cv},", end=" ")
    print(f"missed of OpenCV's {missed}, false {false}")
    for what, values in told.items():
        px = np.ravel(values)
        low, high = np.percentile(px, [50, 95])
        print(f"  corners to {what}: median {low:.3f}, 95% {high:.3f}, largest {px.max():.3f} px")
    print(f"  spread: median {np.median(spread):.3f} px", end="; ")
    print(f"whole picture: median {np.median(took):.0f} ms, most {max(took):.0f} ms")


if __name__ == "__main__":
    main()
