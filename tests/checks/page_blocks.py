"""The blocks of code in all pages, and what kind of configuration each is: for the checks that judge them."""

import json

import yaml

import documents
import repository

BROKER_HEAD = {"apiVersion": "registry-credential-broker/v1alpha1", "kind": "BrokerConfig"}
KUBELET_HEAD = {"apiVersion": "kubelet.config.k8s.io/v1", "kind": "CredentialProviderConfig"}


class Block:
    """Configuration in a page, as a whole file: a fragment has got its first lines."""

    def __init__(self, path, line, content):
        self.place = f"{path}:{line}"
        self.content = content

    @property
    def text(self):
        return json.dumps(self.content)


def blocks(root, languages):
    """(path, line, text) of every block in one of the languages, without those of the changelog and the decisions."""
    found = []
    for path in repository.files(root, r"\.md$"):
        if path.name == "CHANGELOG.md" or path.parts[:2] == ("docs", "adr"):
            continue
        for line, language, _, text in documents.split(repository.lines(root, path))[1]:
            if language in languages:
                found.append((path, line, "\n".join(text) + "\n"))
    return found


def configurations(root):
    """Broker files and provider files of the kubelet, each a list of Block, and what could not be parsed."""
    broker, kubelet, invalid = [], [], []
    for path, line, text in blocks(root, ("yaml", "json")):
        try:
            documents_in_block = list(yaml.load_all(text, Loader=yaml.BaseLoader))
        except yaml.YAMLError as error:
            if "…" not in text:
                invalid.append(f"{path}:{line}: the block is not valid YAML: {' '.join(str(error).split())}")
            continue
        for content in documents_in_block:
            content = without_head(content)
            if is_broker(content):
                broker.append(Block(path, line, {**BROKER_HEAD, **content}))
            elif is_kubelet(content):
                kubelet.append(Block(path, line, {**KUBELET_HEAD, **typed(content)}))
    return broker, kubelet, invalid


def without_head(content):
    """The entries of a block that has only these are the list of `providers`."""
    if isinstance(content, list) and content and isinstance(content[0], dict) and "name" in content[0] and "matchImages" in content[0]:
        return {"providers": content}
    return content if isinstance(content, dict) else {}


def entries(content):
    listed = content.get("providers")
    return [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []


def is_broker(content):
    return content.get("kind") == BROKER_HEAD["kind"] or any("module" in entry for entry in entries(content))


def is_kubelet(content):
    return content.get("kind") == KUBELET_HEAD["kind"] or any("defaultCacheDuration" in entry for entry in entries(content))


def typed(content):
    """BaseLoader leaves strings; the one boolean of a provider file is this."""
    for entry in entries(content):
        attributes = entry.get("tokenAttributes")
        if isinstance(attributes, dict) and attributes.get("requireServiceAccount") in ("true", "false"):
            attributes["requireServiceAccount"] = attributes["requireServiceAccount"] == "true"
    return content


