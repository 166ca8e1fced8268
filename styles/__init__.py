"""The style networks, the shipped styles, and their training."""

import sys

# `import openvino` would fork a process that counts itself at google-analytics.com; without this package
# beside it, it does not. All our imports of openvino come after this.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
