"""The manifests are valid, and their pods keep to the restricted Pod Security Standard.

https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
"""

from __future__ import annotations

import tomllib
from typing import Any

import kubernetes_validate
import pytest
from muniment.run.schedule.declared import schedules
from muniment.settings import Settings

from .documents import COMPOSE, KUBERNETES, ROOT, pods

NAMES = [f"{one['kind']} {one['metadata']['name']}" for one in KUBERNETES]
PODS = pods()


def one(kind: str, name: str | None = None) -> dict[str, Any]:
    """The only object of a kind, or of that name."""
    (found,) = (
        document for document in KUBERNETES if document["kind"] == kind and name in (None, document["metadata"]["name"])
    )
    return found


def labels(name: str) -> dict[str, str]:
    """The labels of a component's pods."""
    return {"app.kubernetes.io/name": "muniment", "app.kubernetes.io/component": name}


@pytest.mark.parametrize("document", KUBERNETES, ids=NAMES)
def test_it_is_valid(document: dict[str, Any]) -> None:
    kubernetes_validate.validate(document, kubernetes_validate.latest_version(), strict=True)


def test_the_namespace_refuses_what_is_not_restricted() -> None:
    assert one("Namespace")["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    elsewhere = [document for document in KUBERNETES if document["metadata"].get("namespace", "muniment") != "muniment"]
    assert elsewhere == []


@pytest.mark.parametrize("component", PODS)
def test_the_pod_is_restricted(component: str) -> None:
    pod = PODS[component]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
    assert not any("hostPath" in volume for volume in pod["volumes"])
    for container in pod["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


@pytest.mark.parametrize("component", PODS)
def test_the_pod_gets_no_token_of_the_cluster_and_the_password_from_a_secret(component: str) -> None:
    pod = PODS[component]
    assert pod["automountServiceAccountToken"] is False
    secret = {"secretKeyRef": {"name": "muniment-database", "key": "password"}}
    for container in pod["containers"]:
        assert {"name": "MUNIMENT_DATABASE_PASSWORD", "valueFrom": secret} in container["env"]
    assert not any(document["kind"] == "Secret" for document in KUBERNETES)


@pytest.mark.parametrize("component", PODS)
def test_what_is_written_to_is_mounted(component: str) -> None:
    pod = PODS[component]
    mounted = {mount["mountPath"]: mount["name"] for mount in pod["containers"][0]["volumeMounts"]}
    assert mounted.keys() == {"/etc/muniment", "/var/lib/muniment", "/tmp"}
    assert set(mounted.values()) == {volume["name"] for volume in pod["volumes"]}


def test_the_service_finds_the_pods() -> None:
    service = one("Service")["spec"]
    assert service["selector"] == labels("api")
    names = {port["name"] for port in PODS["api"]["containers"][0]["ports"]}
    assert {port["targetPort"] for port in service["ports"]} <= names


@pytest.mark.parametrize(("name", "component"), [("muniment", "api"), ("muniment-scheduler", "scheduler")])
def test_a_deployment_has_one_pod_at_a_time_and_it_is_its_own(name: str, component: str) -> None:
    spec = one("Deployment", name)["spec"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})
    assert spec["selector"]["matchLabels"] == spec["template"]["metadata"]["labels"] == labels(component)


def test_the_scheduler_reads_as_runs_do_and_is_not_applied_with_the_job_that_it_replaces() -> None:
    assert PODS["scheduler"]["serviceAccountName"] == PODS["ingest"]["serviceAccountName"]
    beside = [path.name for path in (ROOT / "deploy" / "kubernetes").glob("*.yaml")]
    assert "ingest.yaml" in beside
    assert "scheduler.yaml" not in beside


def test_the_schedule_that_is_run_is_declared(tmp_path: Any) -> None:
    text = one("ConfigMap")["data"]["muniment.toml"]
    declared = schedules(Settings(tmp_path, file=tomllib.loads(text)))
    assert PODS["ingest"]["containers"][0]["args"][-1] in declared
    assert "password" not in text


def test_a_run_is_not_tried_again_for_what_is_refused() -> None:
    job = one("CronJob")["spec"]
    assert job["concurrencyPolicy"] == "Forbid"
    (rule, _) = job["jobTemplate"]["spec"]["podFailurePolicy"]["rules"]
    assert (rule["action"], rule["onExitCodes"]["values"]) == ("FailJob", [2, 3])
    assert rule["onExitCodes"]["containerName"] == PODS["ingest"]["containers"][0]["name"]


def test_a_run_has_its_minute_to_end_everywhere() -> None:
    assert all(PODS[name]["terminationGracePeriodSeconds"] > 60 for name in ("ingest", "scheduler"))
    assert int(COMPOSE["services"]["scheduler"]["stop_grace_period"].removesuffix("s")) > 60


def policies() -> dict[str, Any]:
    return {found["metadata"]["name"]: found["spec"] for found in KUBERNETES if found["kind"] == "NetworkPolicy"}


def test_nobody_speaks_to_anybody_but_as_it_is_said() -> None:
    assert policies()["nothing"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


@pytest.mark.parametrize("component", PODS)
def test_every_pod_has_a_policy_that_lets_it_speak(component: str) -> None:
    found = {name for name, spec in policies().items() if "egress" in spec and _is_for(spec, component)}
    assert found == {"names", "api" if component == "api" else "ingest"}


def _is_for(policy: dict[str, Any], component: str) -> bool:
    selector, own = policy["podSelector"], labels(component)
    wanted = [own.get(one["key"]) in one["values"] for one in selector.get("matchExpressions", ())]
    return selector.get("matchLabels", {}).items() <= own.items() and all(wanted)


def test_the_api_is_asked_by_the_ingress_alone_and_runs_by_nobody() -> None:
    (rule,) = policies()["api"]["ingress"]
    assert [port["port"] for port in rule["ports"]] == ["http"]
    assert rule["from"]
    assert "ingress" not in policies()["ingest"]


def test_the_ingress_speaks_tls_for_the_host_that_the_api_takes() -> None:
    spec = one("Ingress")["spec"]
    (rule,) = spec["rules"]
    assert spec["tls"] == [{"hosts": [rule["host"]], "secretName": "muniment-tls"}]
    (path,) = rule["http"]["paths"]
    backend = path["backend"]["service"]
    assert backend["name"] == one("Service")["metadata"]["name"]
    assert backend["port"]["name"] in {port["name"] for port in one("Service")["spec"]["ports"]}
    settings = tomllib.loads(one("ConfigMap")["data"]["muniment.toml"])
    assert settings["api"]["hosts"] == [rule["host"]]
