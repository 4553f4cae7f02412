"""A kubelet that does not come up with the new files gets the former ones, byte for byte, pods still pull, and the content is not tried again."""

from pathlib import Path

from node.node import BROKER_FILE
from node.service import ENVIRONMENT, kubelet_service

PLUGINS = Path("/usr/local/lib/kubelet-plugins")
PROVIDERS = Path("/etc/kubernetes/credential-provider-config.yaml")


def files():
    paths = [ENVIRONMENT, PROVIDERS, BROKER_FILE, *PLUGINS.glob("*")]
    return {path: path.read_bytes() for path in paths if path.exists()}


def prove(node):
    options = [] if node.version >= (1, 34) else ["--kubernetes", "1.33"]
    config = node.folder / "install.yaml"
    with kubelet_service(node) as service:
        # For a first installation.
        original = files()
        service.behaves("refuses")
        config.write_text(node.usual_broker_file + "\n- name: refuse-me\n  module: passthrough\n  matchImages: [a.example.com]\n"
                          "  audience: refuse-me\n")
        said = service.run("install", *options, "--config", config, status=69)
        assert "they have their former content again, and the kubelet is healthy" in said, said
        assert files() == original, files().keys()

        service.behaves("well")
        service.run("install", *options)
        good = files()
        for behaviour in ("refuses", "crashes", "hangs"):
            service.behaves(behaviour)
            config.write_text(config.read_text().replace("a.example.com", f"{behaviour}.a.example.com"))
            said = service.run("install", *options, "--config", config, status=69)
            assert "they have their former content again" in said, said
            assert files() == good, files().keys()
            restarts = service.restarts
            said = service.run("install", *options, "--config", config, status=69)
            assert "did not come up with the same files before" in said, said
            assert service.restarts == restarts and files() == good
        node.cluster.service_account("team-back", "puller")
        node.cluster.pod("team-back", "puller").must_run()

        # Another content is tried.
        service.behaves("well")
        service.run("install", *options, "--config", config, status=69)
        config.write_text(config.read_text().replace("a.example.com", "b.example.com"))
        service.run("install", *options, "--config", config)
        service.run("uninstall")
        assert files() == original, files().keys()
