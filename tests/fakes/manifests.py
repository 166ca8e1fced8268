"""The manifests of deploy/kubernetes as `kubectl kustomize` writes them."""

from __future__ import annotations

import copy
import functools
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
OVERLAYS = ("try-out", "one-node", "cluster")
#: The label that names a pod's part in the whole.
COMPONENT = "app.kubernetes.io/component"

Manifest = dict[str, Any]


def rendered(overlay: str) -> list[Manifest]:
    """All objects of an overlay. Skips the test where there is no kubectl; on CI there must be one."""
    if shutil.which("kubectl") is None:
        reason = "kubectl is not installed"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    return copy.deepcopy(_rendered(overlay))


def with_component(overlay: str, component: str, folder: Path) -> list[Manifest]:
    """All objects of an overlay that names a component besides, by a kustomization in an empty folder."""
    kubernetes = ROOT / "deploy/kubernetes"
    base, other = (
        os.path.relpath(kubernetes / path, folder)
        for path in (f"overlays/{overlay}", f"components/{component}")
    )
    kustomization = {"resources": [base], "components": [other]}
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(kustomization))
    return rendered(str(folder))


@functools.cache
def _rendered(overlay: str) -> list[Manifest]:
    folder = ROOT / "deploy/kubernetes/overlays" / overlay  # or a folder elsewhere
    written = subprocess.run(
        ["kubectl", "kustomize", str(folder)], check=True, capture_output=True, text=True
    ).stdout
    return list(yaml.safe_load_all(written))


def of_kind(manifests: list[Manifest], kind: str) -> dict[str, Manifest]:
    """The objects of a kind, by name."""
    return {each["metadata"]["name"]: each for each in manifests if each["kind"] == kind}


def pods(manifests: list[Manifest]) -> dict[str, Manifest]:
    """The pod templates of an overlay, as pods, by their component."""
    found = {}
    for manifest in manifests:
        for template in _templates(manifest):
            name = template["metadata"]["labels"][COMPONENT]
            found[name] = {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": template["metadata"] | {"name": name},
                "spec": template["spec"],
            }
    return found


def _templates(manifest: Manifest) -> Iterator[Manifest]:
    spec = manifest.get("spec", {})
    if manifest["kind"] == "RayCluster":
        for group in (spec["headGroupSpec"], *spec["workerGroupSpecs"]):
            yield group["template"]
    elif "template" in spec:
        yield spec["template"]


def containers(pod: Manifest) -> list[Manifest]:
    """All containers of a pod, those that run before the others too."""
    return [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]
