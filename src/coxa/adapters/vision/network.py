"""A tflite network on LiteRT (XNNPACK, CPU)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]


class Network:
    """One network; ``__call__`` frees the interpreter lock while it computes.

    Not to be called from two threads at once: each thread takes a network of its own.

    Args:
        path: a verified ``.tflite`` file.
        n_threads: threads one inference may use.
    """

    def __init__(self, path: Path, n_threads: int = 1) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self._interpreter = Interpreter(model_path=str(path), num_threads=n_threads)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = {detail["name"]: detail["index"] for detail in self._interpreter.get_output_details()}

    def __call__(self, image: Float32, names: tuple[str, ...]) -> tuple[Float32, ...]:
        """Outputs of these names for one picture.

        Args:
            image: (side, side, 3).
            names: which outputs to copy out.
        """
        self._interpreter.set_tensor(self._input, image[None])
        self._interpreter.invoke()
        return tuple(self._interpreter.get_tensor(self._outputs[name])[0] for name in names)
