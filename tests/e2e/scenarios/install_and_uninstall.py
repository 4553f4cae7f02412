"""`install` makes a kubelet without plugins use the program, a second run changes nothing, and `uninstall` gives every byte back."""

from pathlib import Path

from node.node import BROKER_FILE
from node.service import ENVIRONMENT, kubelet_service

PLUGINS = Path("/usr/local/lib/kubelet-plugins")
PROVIDERS = Path("/etc/kubernetes/credential-provider-config.yaml")
STATE = Path("/var/lib/registry-credential-broker")


def files():
    """With the time of their last change, which a file that is written again does not keep."""
    paths = [ENVIRONMENT, PROVIDERS, BROKER_FILE, *PLUGINS.glob("*"), *STATE.glob("*")]
    return {path: (path.lstat().st_mtime_ns, path.read_bytes()) for path in paths if path.exists()}


def prove(node):
    options = [] if node.version >= (1, 34) else ["--kubernetes", "1.33"]
    BROKER_FILE.unlink()
    config = node.folder / "install.yaml"
    config.write_text(node.usual_broker_file)
    with kubelet_service(node) as service:
        before = files()
        plan = service.run("install", *options, "--config", config, "--dry-run")
        assert f"+KUBELET_EXTRA_ARGS=\"--max-pods=99 --image-credential-provider-config={PROVIDERS}" in plan, plan
        assert files() == before and service.restarts == 0

        service.run("install", *options, "--config", config)
        assert service.restarts == 1
        line = service.command_line()
        former = [*service.arguments, "--max-pods=99"]
        assert line[-2:] == [f"--image-credential-provider-config={PROVIDERS}", f"--image-credential-provider-bin-dir={PLUGINS}"], line
        assert line[-2 - len(former):-2] == former, line
        node.cluster.service_account("team-install", "puller")
        node.cluster.pod("team-install", "puller").must_run()
        assert node.world.exchanges("team-install/puller")

        installed = files()
        said = service.run("install", *options, "--config", config)
        assert "nothing to change" in said, said
        assert files() == installed and service.restarts == 1
        service.run("install", *options, "--config", config, "--check")

        # A program that is missing is put back without a restart.
        (PLUGINS / "registry-credential-broker").unlink()
        service.run("install", *options, "--config", config, "--check", status=78)
        service.run("install", *options, "--config", config)
        assert service.restarts == 1
        service.run("install", *options, "--config", config, "--check")

        service.run("uninstall")
        assert service.restarts == 2
        assert files() == {ENVIRONMENT: (files()[ENVIRONMENT][0], before[ENVIRONMENT][1])}, files().keys()
        assert not PLUGINS.exists() and not list(STATE.glob("*"))
        assert not any("image-credential-provider" in word for word in service.command_line())
        assert "nothing is installed" in service.run("uninstall")
