"""What the objects of the chart may never be, in any mode: a list of faults, empty if there is none."""

# Folders of the node that mode files-only may see besides those of the kubelet that its values name.
OWN_FOLDERS = {"/etc/registry-credential-broker", "/var/lib/registry-credential-broker"}
# To make the node's folder its root.
CAPABILITIES = {"SYS_CHROOT"}


def faults(objects, mode, folders=frozenset()):
    """`folders`: of the node, that the values name."""
    found = []
    for thing in objects:
        found += {"ClusterRole": _rules, "ClusterRoleBinding": _binding}.get(thing["kind"], lambda _: [])(thing)
        if thing["kind"] == "DaemonSet":
            found += _pod(thing["spec"]["template"]["spec"], mode, folders)
        if thing["kind"] in ("Role", "RoleBinding", "Secret"):
            found.append(f"{thing['kind']}: the pods need no permission in the cluster")
    return found


def _rules(role):
    allowed = {"request-serviceaccounts-token-audience", "get"}
    found = [f"verb {verb}" for rule in role["rules"] for verb in rule["verbs"] if verb not in allowed]
    found += [f"resource {name}" for rule in role["rules"] for name in rule["resources"] if "*" in name or name in ("secrets", "pods", "nodes")]
    for rule in role["rules"]:
        if "get" in rule["verbs"] and rule["resources"] != ["serviceaccounts"]:
            found.append(f"reads {rule['resources']}")
    return found


def _binding(binding):
    group = {"kind": "Group", "name": "system:nodes", "apiGroup": "rbac.authorization.k8s.io"}
    return [f"subject {subject}" for subject in binding["subjects"] if subject != group]


def _pod(pod, mode, folders):
    forbidden = ["hostIPC", "shareProcessNamespace", *(["hostPID"] if mode == "files-only" else [])]
    found = [f"{name} is set" for name in forbidden if pod.get(name)]
    if pod.get("automountServiceAccountToken") is not False:
        found.append("the pod gets a token")
    if pod["securityContext"].get("seccompProfile") != {"type": "RuntimeDefault"}:
        found.append("no seccomp profile")
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    seen = {volume["hostPath"]["path"] for volume in pod["volumes"] if "hostPath" in volume}
    allowed = OWN_FOLDERS | set(folders) if mode == "files-only" else {"/"}
    found += [f"sees {path} of the node" for path in sorted(seen - allowed)]
    mounted = set()
    for container in pod.get("initContainers", []) + pod["containers"]:
        found += [f"{container['name']}: {fault}" for fault in _container(container, volumes)]
        mounted |= {mount["name"] for mount in container["volumeMounts"]}
    found += [f"volume {name} is not mounted" for name in sorted(set(volumes) - mounted)]
    return found


def _container(container, volumes):
    context = container["securityContext"]
    found = []
    if context.get("privileged"):
        found.append("privileged")
    if context.get("allowPrivilegeEscalation") is not False:
        found.append("may gain privileges")
    if context.get("readOnlyRootFilesystem") is not True:
        found.append("its own root folder is writable")
    capabilities = context.get("capabilities", {})
    if capabilities.get("drop") != ["ALL"]:
        found.append("keeps capabilities")
    found += [f"capability {name}" for name in sorted(set(capabilities.get("add", [])) - CAPABILITIES)]
    for mount in container["volumeMounts"]:
        if "configMap" in volumes[mount["name"]] and not mount.get("readOnly"):
            found.append(f"{mount['name']} is writable")
        if mount.get("mountPropagation") == "Bidirectional":
            found.append("its mounts reach the node")
    return found
