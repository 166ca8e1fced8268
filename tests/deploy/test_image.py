"""The image is built from pinned parts, holds no secret, and runs without privileges."""

from __future__ import annotations

import re
import tomllib

from packaging.requirements import Requirement
from packaging.version import Version

from tests.fakes.manifests import ROOT, pods, rendered

CONTAINERFILE = (ROOT / "deploy/Containerfile").read_text()
#: Extras that the image has.
EXTRAS = ("postgres", "ray", "s3")


def instructions(name: str) -> list[str]:
    """The arguments of all instructions of that name; lines that go on are joined."""
    joined = CONTAINERFILE.replace("\\\n", " ")
    return re.findall(rf"^{name} +(.*?)\s*$", joined, re.MULTILINE)


def pinned() -> dict[str, Version]:
    lines = (ROOT / "deploy/constraints.txt").read_text().split()
    pairs = [line.split("==") for line in lines]
    return {name.lower().replace("_", "-"): Version(version) for name, version in pairs}


def test_its_base_is_one_release_of_slim_debian() -> None:
    base = next(word for word in instructions("ARG") if word.startswith("PYTHON="))
    assert re.fullmatch(r"PYTHON=docker\.io/library/python:3\.\d+\.\d+-slim-\w+(@sha256:[0-9a-f]{64})?", base)
    assert instructions("FROM") == ["${PYTHON} AS build", "${PYTHON}"]


def test_it_runs_as_the_user_of_the_pods() -> None:
    (user,) = instructions("USER")
    assert CONTAINERFILE.index("USER") > CONTAINERFILE.rindex("COPY")
    assert "0" not in user.split(":")
    for pod in pods(rendered("cluster")).values():
        security = pod["spec"]["securityContext"]
        assert f"{security['runAsUser']}:{security['runAsGroup']}" == user


def test_it_holds_the_packages_and_nothing_else_of_the_tree() -> None:
    """No config, no ledger, no .git: a copied folder would bring what lies in it."""
    copied = {word for line in instructions("COPY") if "--from" not in line for word in line.split()[:-1]}
    packages = {"styles", "registry", "runner", "mailbot"}
    assert copied == {"deploy/constraints.txt", "pyproject.toml", "README.md", "LICENSE"} | packages
    assert instructions("ADD") == []


def test_no_secret_can_be_left_in_a_layer() -> None:
    settings = [*instructions("ARG"), *instructions("ENV")]
    names = [word.partition("=")[0] for line in settings for word in line.split()]
    assert names
    assert [name for name in names if re.search("PASSWORD|TOKEN|SECRET|KEY", name)] == []


def test_every_requirement_is_pinned_to_a_version_that_it_allows() -> None:
    (install,) = [line for line in instructions("RUN") if "pip install" in line]
    assert "--constraint deploy/constraints.txt" in install
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *(line for extra in EXTRAS for line in extras[extra])]
    versions = pinned()
    for requirement in map(Requirement, lines):
        version = versions[requirement.name.lower().replace("_", "-")]
        assert requirement.specifier.contains(version), requirement


def test_nothing_is_pinned_that_only_developers_have() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    theirs = {Requirement(line).name.lower() for extra in ("dev", "benchmark") for line in extras[extra]}
    assert {"pytest", "onnxruntime"} <= theirs
    assert pinned().keys() & theirs == {"ray"}  # an extra of the image as well


def test_ray_is_the_version_that_the_manifests_name() -> None:
    (cluster,) = [each for each in rendered("cluster") if each["kind"] == "RayCluster"]
    assert Version(cluster["spec"]["rayVersion"]) == pinned()["ray"]
