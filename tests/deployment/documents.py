"""The templates for servers, as parsed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
KUBERNETES: list[dict[str, Any]] = [
    document
    for path in sorted((ROOT / "deploy" / "kubernetes").rglob("*.yaml"))
    for document in yaml.safe_load_all(path.read_text(encoding="utf-8"))
]
UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
TEMPLATES = sorted((ROOT / "deploy" / "aws").glob("*.yaml"))


class _Template(yaml.SafeLoader):
    """CloudFormation's short forms, as their long ones."""


def _long(loader: yaml.SafeLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    listed = isinstance(node, yaml.SequenceNode)
    value = loader.construct_sequence(node, deep=True) if listed else loader.construct_scalar(node)
    return {name if name == "Ref" else f"Fn::{name}": value}


_Template.add_multi_constructor("!", _long)


def resources(name: str) -> dict[str, Any]:
    """The resources of a CloudFormation template, by name."""
    return _section(name, "Resources")


def parameters(name: str) -> dict[str, Any]:
    """Its parameters."""
    return _section(name, "Parameters")


def _section(name: str, section: str) -> dict[str, Any]:
    text = (ROOT / "deploy" / "aws" / f"{name}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(text, _Template)[section]
    return found


def container(name: str) -> dict[str, Any]:
    """The one container of a CloudFormation template."""
    (found,) = resources(name)["Task"]["Properties"]["ContainerDefinitions"]
    assert isinstance(found, dict)
    return found


def pods() -> dict[str, dict[str, Any]]:
    """Every pod that the Kubernetes manifests make, by what its labels call the component."""
    specs = [one["spec"] for one in KUBERNETES if one["kind"] in ("Deployment", "CronJob")]
    templates = [spec.get("jobTemplate", {"spec": spec})["spec"]["template"] for spec in specs]
    return {one["metadata"]["labels"]["app.kubernetes.io/component"]: one["spec"] for one in templates}


def commands() -> dict[str, list[str]]:
    """What each template has Muniment do: the words after `muniment`, by the template."""
    ran = {f"compose {name}": one["command"] for name, one in COMPOSE["services"].items() if "command" in one}
    ran |= {f"kubernetes {name}": pod["containers"][0]["args"] for name, pod in pods().items()}
    (_, ran["aws with an external id"], ran["aws"]) = container("ingest")["Command"]["Fn::If"]
    ran["aws api"] = container("api")["Command"]
    for unit in UNITS:
        for line in re.findall(r"^ExecStart=/opt/muniment/bin/muniment (.*)$", unit.read_text("utf-8"), re.MULTILINE):
            ran[unit.name] = line.replace("%i", "estate").split()
    for words in ran.values():
        words[:] = [word if isinstance(word, str) else "a-parameter" for word in words]
    (line,) = re.findall(r"^CMD (.*)$", DOCKERFILE.read_text("utf-8"), re.MULTILINE)
    ran["Dockerfile"] = json.loads(line)
    return ran
