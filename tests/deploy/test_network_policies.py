"""The network policies allow the arrows of deploy/README.md, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.manifests import COMPONENT, OVERLAYS, ROOT, Manifest, of_kind, pods, rendered

#: From, to and TCP port; a port "any" is every port.
Arrow = tuple[str, str, str]

#: Ends outside of the namespace, by what a policy can say of them.
OUTSIDE = {"visitors": "ingress", "database": "database", "names": "kube-system"}
INTERNET = {"mail servers": "the internet", "bucket": "the internet", "Kubernetes": "anywhere"}


def documented(overlay: str) -> set[Arrow]:
    """The arrows of the table that an overlay has."""
    section = (ROOT / "deploy/README.md").read_text().split("## The arrows", 1)[1].split("\n## ")[0]
    rows = re.findall(
        r"^\| (.+?) \| (.+?) \| (.+?) \| .+? \| (always|try-out|cluster) \|$", section, re.MULTILINE
    )
    assert len(rows) == section.count("\n|") - 2  # no row that is not understood
    here = [row for row in rows if row[3] in ("always", overlay)]
    parts = set(pods(rendered(overlay)))
    assert {end for row in rows for end in row[:2]} <= {*parts_of_all(), *OUTSIDE, *INTERNET, "all"}
    return {
        (start, INTERNET.get(end, end), port)
        for starts, end, ports, _ in here
        for start in (parts if starts == "all" else [starts])
        for port in ports.split(", ")
    }


def parts_of_all() -> set[str]:
    return {part for overlay in OVERLAYS for part in pods(rendered(overlay))}


def allowed(overlay: str) -> tuple[set[Arrow], set[Arrow]]:
    """The arrows that may leave a pod, and those that may come to one."""
    manifests = rendered(overlay)
    parts = set(pods(manifests))
    leaving, coming = set[Arrow](), set[Arrow]()
    for policy in of_kind(manifests, "NetworkPolicy").values():
        spec = policy["spec"]
        for part in selected(spec["podSelector"], parts):
            for rule in spec.get("egress", []):
                leaving |= {(part, end, port) for end in ends(rule["to"], parts) for port in ports(rule)}
            for rule in spec.get("ingress", []):
                coming |= {(end, part, port) for end in ends(rule["from"], parts) for port in ports(rule)}
    return leaving, coming


def selected(selector: dict[str, Any], parts: set[str]) -> set[str]:
    if not selector:
        return parts
    assert selector.keys() == {"matchLabels"}
    assert selector["matchLabels"].keys() == {COMPONENT}
    assert selector["matchLabels"][COMPONENT] in parts, "no pod has this label"
    return {selector["matchLabels"][COMPONENT]}


def ends(peers: list[Manifest], parts: set[str]) -> Iterator[str]:
    """The other ends of a rule. An empty list would be everybody."""
    assert peers
    for peer in peers:
        if "ipBlock" in peer:
            yield internet(peer["ipBlock"])
        elif "namespaceSelector" in peer:
            namespace = peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
            yield next(name for name, place in OUTSIDE.items() if place == namespace)
        else:
            assert peer["podSelector"], "every pod of the namespace"
            yield from selected(peer["podSelector"], parts)


def internet(block: Manifest) -> str:
    assert block["cidr"] in {"0.0.0.0/0", "::/0"}
    own = {"10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"}
    if block["cidr"] == "::/0":
        own = {"fc00::/7", "fe80::/10"}
    assert set(block.get("except", [])) in (own, set())
    return "the internet" if block.get("except") else "anywhere"


def ports(rule: Manifest) -> set[str]:
    return {str(port["port"]) for port in rule.get("ports", [])} or {"any"}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_only_the_arrows_are_allowed_and_each_is_at_both_ends(overlay: str) -> None:
    leaving, coming = allowed(overlay)
    arrows = documented(overlay)
    parts = set(pods(rendered(overlay)))
    assert leaving == {arrow for arrow in arrows if arrow[0] in parts}
    assert coming == {arrow for arrow in arrows if arrow[1] in parts}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_no_policy_allows_is_denied(overlay: str) -> None:
    policies = of_kind(rendered(overlay), "NetworkPolicy")
    assert policies["deny-all"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    for policy in policies.values():
        spec = policy["spec"]
        assert {kind for kind in ("Ingress", "Egress") if kind.lower() in spec} <= set(spec["policyTypes"])


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_each_arrow_ends_at_a_port_that_is_there(overlay: str) -> None:
    """A policy for a port at which nothing listens would be a mistake in one of the two."""
    found = pods(rendered(overlay))
    listening = {
        part: {str(port["containerPort"]) for c in pod["spec"]["containers"] for port in c.get("ports", [])}
        for part, pod in found.items()
    }
    _, coming = allowed(overlay)
    assert coming
    assert {arrow for arrow in coming if arrow[2] not in {*listening[arrow[1]], "any"}} == set()


def test_a_runner_of_the_balancers_own_machine_has_no_arrow() -> None:
    assert "runner" not in {end for arrow in documented("cluster") for end in arrow[:2]}
