"""The manifests are valid, and their pods may do no more than they need."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import aiohttp
import jsonschema
import kubernetes_validate
import pytest
from pydantic import BaseModel

from mailbot.admin.metrics import metrics
from mailbot.config import MailbotConfigFile
from mailbot.storage.ledger import Ledger
from registry.app import running
from registry.config import RegistryConfigFile
from runner.config import RunnerConfigFile
from runner.learning.queue import LearningQueue
from styles.service.config import load
from tests.fakes.mailbot.servers.dovecot import free_port
from tests.fakes.manifests import OVERLAYS, Manifest, containers, of_kind, pods, rendered, with_component
from tests.fakes.runner.served import serving

#: The version of Kubernetes whose schemas count; ReadWriteOncePod is stable since 1.29.
KUBERNETES = "1.32"
RAY_CLUSTER = json.loads((Path(__file__).parent / "ray_cluster.schema.json").read_text())
DEPLOY = Path(__file__).parents[2] / "deploy"
#: Where programs look for a token of Kubernetes.
SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
#: Variables that hold secrets.
SECRETS = ("PASSWORD", "TOKEN", "SECRET", "KEY")


def validate(manifest: Manifest) -> None:
    """Raises an error if a field is unknown, missing or of a wrong kind."""
    if manifest["kind"] == "RayCluster":
        jsonschema.validate(manifest, RAY_CLUSTER)
    else:
        kubernetes_validate.validate(manifest, KUBERNETES, strict=True)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_field_is_one_that_kubernetes_knows(overlay: str) -> None:
    manifests = rendered(overlay)
    assert len(manifests) > 12
    for manifest in (*manifests, *pods(manifests).values()):
        validate(manifest)


def test_a_typing_mistake_is_noticed() -> None:
    manifests = rendered("cluster")
    for kind, path in (
        ("Deployment", ("spec", "template", "spec", "terminationGracePeriodSecond")),
        ("StatefulSet", ("spec", "replica")),
        ("NetworkPolicy", ("spec", "egres")),
        ("RayCluster", ("spec", "workerGroups")),
        ("RayCluster", ("spec", "headGroupSpec", "rayStartParam")),
        ("RayCluster", ("spec", "autoscalerOptions", "idleTimeout")),
    ):
        manifest = next(iter(of_kind(manifests, kind).values()))
        *tables, key = path
        table: Any = manifest
        for step in tables:
            table = table[step]
        table[key] = {}
        with pytest.raises((kubernetes_validate.ValidationError, jsonschema.ValidationError)):
            validate(manifest)
        del table[key]
        validate(manifest)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_pod_is_root_or_writes_into_its_image(overlay: str) -> None:
    for pod in pods(rendered(overlay)).values():
        spec = pod["spec"]
        security = spec["securityContext"]
        assert (security["runAsNonRoot"], security["runAsUser"] > 0) == (True, True)
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}
        assert spec["automountServiceAccountToken"] is False
        assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys()
        assert not any("hostPath" in volume for volume in spec["volumes"])
        for container in containers(pod):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }


def test_only_the_autoscaler_has_a_token_of_kubernetes() -> None:
    """Whoever holds it may change the RayCluster, and many programs run code in the head's own container."""
    manifests = rendered("cluster")
    holding = {
        (part, container["name"])
        for part, pod in pods(manifests).items()
        for container in containers(pod)
        for mount in container["volumeMounts"]
        if mount["name"] in token_volumes(pod)
    }
    assert holding == set()
    (cluster,) = of_kind(manifests, "RayCluster").values()
    mounts = cluster["spec"]["autoscalerOptions"]["volumeMounts"]
    names = [mount["name"] for mount in mounts if mount["mountPath"] == SERVICE_ACCOUNT]
    assert names == token_volumes(pods(manifests)["ray-head"])


def token_volumes(pod: Manifest) -> list[str]:
    """The volumes of a pod with a token of Kubernetes."""
    return [
        volume["name"]
        for volume in pod["spec"]["volumes"]
        for source in volume.get("projected", {}).get("sources", [])
        if "serviceAccountToken" in source
    ]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_container_has_bounds_and_one_image(overlay: str) -> None:
    images = set()
    for pod in pods(rendered(overlay)).values():
        for container in containers(pod):
            images.add(container["image"])
            resources = container["resources"]
            assert {"cpu", "memory"} <= resources["requests"].keys()
            assert {"cpu", "memory"} <= resources["limits"].keys()
    assert images == {"registry.example.org/mailbot:0.1.0"}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_secrets_come_from_secret_objects(overlay: str) -> None:
    manifests = rendered(overlay)
    assert of_kind(manifests, "Secret") == {}  # the repository holds no secret
    found = set()
    for part, pod in pods(manifests).items():
        for container in containers(pod):
            for variable in container.get("env", []):
                if variable["name"].endswith(SECRETS) and part != "mail":  # its password protects nothing
                    assert variable["valueFrom"].keys() == {"secretKeyRef"}
                    found.add(variable["name"])
    assert ("MAILBOT_IMAP_PASSWORD" in found) is (overlay != "try-out")
    assert ({"PGPASSWORD", "RUNNER_RELAY_SECRET"} <= found) is (overlay == "cluster")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_each_process_has_the_secrets_of_its_own(overlay: str) -> None:
    """The balancer and what Ray starts never see the mailbox, nor does the registry."""
    for part, pod in pods(rendered(overlay)).items():
        names = {v["name"] for c in containers(pod) for v in c.get("env", []) if "secretKeyRef" in str(v)}
        if part == "bot":
            names -= {"REGISTRY_BOT_TOKEN"}  # of the proofs, which it asks the registry for
        assert {name.partition("_")[0] for name in names} <= {
            "bot": {"MAILBOT"},
            "mail": set(),
            "registry": {"REGISTRY", "PGPASSWORD", "AWS"},
            "balancer": {"RUNNER", "RAY"},
            "ray-head": set(),
            "ray-worker": {"RUNNER"},
        }[part]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_bot_is_one_and_its_volume_goes_to_one_pod(overlay: str) -> None:
    manifests = rendered(overlay)
    spec = of_kind(manifests, "Deployment")["bot"]["spec"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})
    claims = of_kind(manifests, "PersistentVolumeClaim")
    assert claims["ledger"]["spec"]["accessModes"] == ["ReadWriteOncePod"]
    volumes = {volume["name"]: volume for volume in spec["template"]["spec"]["volumes"]}
    assert volumes["ledger"]["persistentVolumeClaim"] == {"claimName": "ledger"}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_is_learnt_outlives_the_pod_of_its_balancer(overlay: str) -> None:
    manifests = rendered(overlay)
    spec = of_kind(manifests, "StatefulSet")["balancer"]["spec"]
    (claim,) = spec["volumeClaimTemplates"]
    assert claim["spec"]["accessModes"] == ["ReadWriteOncePod"]
    (container,) = spec["template"]["spec"]["containers"]
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    config = RunnerConfigFile.model_validate(tomllib.loads(config_of(manifests, "balancer")))
    queue = LearningQueue(config.runner)
    assert mounts[claim["metadata"]["name"]] == str(queue.store.folder)


def test_registries_and_balancers_of_a_cluster_outlive_a_node() -> None:
    manifests = rendered("cluster")
    assert of_kind(manifests, "Deployment")["registry"]["spec"]["replicas"] >= 2
    assert of_kind(manifests, "StatefulSet")["balancer"]["spec"]["replicas"] >= 2
    budgets = of_kind(manifests, "PodDisruptionBudget")
    assert budgets.keys() == {"registry", "balancer"}
    for budget in budgets.values():
        assert budget["spec"]["maxUnavailable"] == 1
        assert budget["spec"]["unhealthyPodEvictionPolicy"] == "AlwaysAllow"


def test_workers_begin_at_none_and_have_a_gpu_each() -> None:
    (cluster,) = of_kind(rendered("cluster"), "RayCluster").values()
    assert cluster["spec"]["enableInTreeAutoscaling"] is True
    (group,) = cluster["spec"]["workerGroupSpecs"]
    assert (group["replicas"], group["minReplicas"]) == (0, 0)
    (container,) = group["template"]["spec"]["containers"]
    assert container["resources"]["limits"]["nvidia.com/gpu"] == "1"


@pytest.mark.parametrize("overlay", ["one-node", "cluster"])
def test_a_component_brings_the_file_to_learn_by(overlay: str, tmp_path: Path) -> None:
    manifests = with_component(overlay, "learning", tmp_path)
    for manifest in manifests:
        validate(manifest)
    spec = pods(manifests)["balancer"]["spec"]
    (copier,) = [each for each in spec["initContainers"] if each["name"] == "features"]
    (balancer,) = spec["containers"]
    assert copier["securityContext"] == balancer["securityContext"]
    *_, folder = copier["command"]
    mounts = {mount["mountPath"]: mount for mount in balancer["volumeMounts"]}
    assert mounts[folder.rstrip("/")] == {**copier["volumeMounts"][0], "readOnly": True}
    assert folder in (DEPLOY / "README.md").read_text()
    assert mounts.keys() >= {"/etc/mailbot", "/var/lib/runner", "/tmp"}


# What the processes read and answer


def config_of(manifests: list[Manifest], part: str) -> str:
    """The config file of a pod of that component, in which POD_NAME stands for its name."""
    volumes = pods(manifests)[part]["spec"]["volumes"]
    (name,) = [volume["configMap"]["name"] for volume in volumes if "configMap" in volume]
    return str(of_kind(manifests, "ConfigMap")[name]["data"]["config.toml"])


CONFIGS: dict[str, type[BaseModel]] = {
    "bot": MailbotConfigFile,
    "registry": RegistryConfigFile,
    "balancer": RunnerConfigFile,
}


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize("part", CONFIGS)
def test_the_config_files_are_in_order(overlay: str, part: str, tmp_path: Path) -> None:
    manifests = rendered(overlay)
    file = tmp_path / "config.toml"
    file.write_text(config_of(manifests, part).replace("POD_NAME", "balancer-0"))
    config: Any = load(file, CONFIGS[part])
    services = of_kind(manifests, "Service")
    balancer = of_kind(manifests, "StatefulSet")["balancer"]["spec"]
    if part == "bot" or (part == "registry" and balancer["replicas"] > 1):  # a job stays with its balancer
        assert config.balancer.urls == tuple(
            f"http://balancer-{number}.{balancer['serviceName']}:8481"
            for number in range(balancer["replicas"])
        )
    if part != "registry":
        assert config.registry.host in services
        assert config.registry.port == services[config.registry.host]["spec"]["ports"][0]["port"]
    else:
        assert config.balancer.host in services


def test_each_balancer_of_a_cluster_is_given_its_own_name(tmp_path: Path) -> None:
    manifests = rendered("cluster")
    (container,) = pods(manifests)["balancer"]["spec"]["initContainers"]
    (tmp_path / "template").mkdir()
    (tmp_path / "mailbot").mkdir()
    (tmp_path / "template" / "config.toml").write_text(config_of(manifests, "balancer"))
    command = [word.replace("/etc/", f"{tmp_path}/") for word in container["command"]]
    subprocess.run(command, check=True, env={"PATH": os.environ["PATH"], "POD_NAME": "balancer-1"})
    written = tomllib.loads((tmp_path / "mailbot" / "config.toml").read_text())
    assert written["runner"]["ray"]["host"] == "balancer-1.balancers"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_folders_in_the_configs_are_writable_volumes(overlay: str) -> None:
    manifests = rendered(overlay)
    for part, folder in {"bot": "mailbot", "registry": "registry", "balancer": "runner"}.items():
        (container,) = pods(manifests)[part]["spec"]["containers"]
        mounts = {mount["mountPath"]: mount.get("readOnly", False) for mount in container["volumeMounts"]}
        assert mounts[f"/var/lib/{folder}"] is False
        assert mounts["/tmp"] is False
        assert f'"/var/lib/{folder}' in config_of(manifests, part)


def paths_of(pod: Manifest) -> set[str]:
    """The paths that the probes of a pod ask for, all at the port of the service."""
    (container,) = pod["spec"]["containers"]
    probes = [container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")]
    assert {probe["port"] for probe in probes} == {"http"}
    return {probe["path"] for probe in probes}


async def statuses(url: str, paths: set[str]) -> dict[str, int]:
    async with aiohttp.ClientSession() as session:
        found = {}
        for path in paths:
            async with session.get(url + path) as answer:
                found[path] = answer.status
        return found


async def test_balancers_and_registries_answer_their_probes(tmp_path: Path) -> None:
    found = pods(rendered("cluster"))
    async with serving() as served:
        answers = await statuses(served.url, paths_of(found["balancer"]))
        assert answers == {"/health/live": 200, "/health/ready": 200}
        served.fleet.set("r0", "down")
        answers = await statuses(served.url, paths_of(found["balancer"]))
        assert answers == {"/health/live": 200, "/health/ready": 503}  # it is taken out, and not restarted
    config = RegistryConfigFile.model_validate({"registry": {"port": 0, "data": str(tmp_path)}})
    async with running(config, tmp_path / "none") as url:
        answers = await statuses(url, paths_of(found["registry"]))
        assert answers == {"/health/live": 200, "/health/ready": 200}


async def test_the_bot_answers_its_probe(tmp_path: Path) -> None:
    (container,) = pods(rendered("cluster"))["bot"]["spec"]["containers"]
    program, flag, code = container["livenessProbe"]["exec"]["command"]
    assert (program, flag) == ("python", "-c")
    port = free_port()
    asked = code.replace(":9400/", f":{port}/")
    assert asked != code

    async def probe() -> int:
        return await (await asyncio.create_subprocess_exec(sys.executable, flag, asked)).wait()

    assert await probe() != 0
    async with Ledger(tmp_path / "ledger.db"), metrics(tmp_path / "ledger.db", port):
        assert await probe() == 0
