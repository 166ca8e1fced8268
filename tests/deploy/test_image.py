"""The image is built from pinned parts, holds no secret, and runs without privileges."""

from __future__ import annotations

import re
import tomllib

from packaging.requirements import Requirement
from packaging.version import Version

from tests.fakes.manifests import ROOT, pods, rendered

CONTAINERFILE = (ROOT / "deploy/Containerfile").read_text()
#: Extras that the image has.
EXTRAS = ("gpu", "lmtp", "local", "oauth", "postgres", "publish", "ray", "s3", "train")


def instructions(name: str) -> list[str]:
    """The arguments of all instructions of that name; lines that go on are joined."""
    joined = CONTAINERFILE.replace("\\\n", " ")
    return re.findall(rf"^{name} +(.*?)\s*$", joined, re.MULTILINE)


def pinned() -> dict[str, Version]:
    lines = map(Requirement, (ROOT / "constraints.txt").read_text().splitlines())
    return {line.name: Version(next(iter(line.specifier)).version) for line in lines}


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
    """No ledger, no .git: a copied folder would bring what lies in it."""
    copied = {word for line in instructions("COPY") if "--from" not in line for word in line.split()[:-1]}
    packages = {"styles", "registry", "runner", "mailbot"}
    assert copied == {"config.toml", "constraints.txt", "pyproject.toml", "README.md", "LICENSE"} | packages
    assert instructions("ADD") == []


def test_no_secret_can_be_left_in_a_layer() -> None:
    settings = [*instructions("ARG"), *instructions("ENV")]
    names = [word.partition("=")[0] for line in settings for word in line.split()]
    assert names
    assert [name for name in names if re.search("PASSWORD|TOKEN|SECRET|KEY", name)] == []


def test_every_requirement_is_pinned_to_a_version_that_it_allows() -> None:
    (install,) = [line for line in instructions("RUN") if "pip install" in line]
    assert "--constraint constraints.txt" in install
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *(line for extra in EXTRAS for line in extras[extra])]
    versions = pinned()
    lines.remove("mail-painter[gpu]")  # a part of `train`
    for requirement in map(Requirement, lines):
        version = versions[requirement.name.lower().replace("_", "-")]
        assert requirement.specifier.contains(version), requirement


def test_nothing_is_installed_that_only_developers_have() -> None:
    """The pins are those of the tests too; a pin alone installs nothing."""
    (extras,) = [word for word in instructions("ARG") if word.startswith("EXTRAS=")]
    assert extras == f"EXTRAS={','.join(EXTRAS)}"
    assert {"dev", "benchmark"}.isdisjoint(EXTRAS)


def test_ray_is_the_version_that_the_manifests_name() -> None:
    (cluster,) = [each for each in rendered("cluster") if each["kind"] == "RayCluster"]
    assert Version(cluster["spec"]["rayVersion"]) == pinned()["ray"]
