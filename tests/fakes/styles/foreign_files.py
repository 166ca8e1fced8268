"""Style files of other people's networks, and files that mean harm, each written where a test wants it.

write_state_dict   a state dict of pytorch/examples with random weights   tests/fakes/styles/state_dicts.py
write_onnx         a small image-to-image network   tests/fakes/styles/onnx_files.py
HOSTILE            what must be refused, by name: each writes one file   tests/fakes/styles/hostile_files.py
EVIDENCE           a path that exists only when one of them ran its code
"""

from tests.fakes.styles.hostile_files import EVIDENCE, HOSTILE
from tests.fakes.styles.onnx_files import write_onnx
from tests.fakes.styles.state_dicts import write_state_dict

__all__ = ["EVIDENCE", "HOSTILE", "write_onnx", "write_state_dict"]
