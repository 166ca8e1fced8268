"""Hold the style networks, the shipped styles, and the training."""

import sys

# `import openvino` forks a process that reports to google-analytics.com, but not where this package is
# missing. This module runs before every import of openvino in this project.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]

__version__ = "0.1.0"
