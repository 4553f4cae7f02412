#!/usr/bin/env python3
"""What it costs that a loaded module has a process of its own: static-token built in, beside the same as a shared library.

    tests/bench/contained.py PROGRAM BUILD_FOLDER [RUNS]

PROGRAM loads modules; BUILD_FOLDER has the runner (target `bench`) and the module (target `rcb_provider_static_token`). For root, since the module must
be in a module folder. Prints medians in milliseconds.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import timing
from broker_file import IMAGE, broker_file, standing
from figures import Times
from rows import Programs, Row

MODULES = Path("/usr/local/lib/registry-credential-broker/bench")
BUILT_IN, CONTAINED = "built in", "in a process of its own"
REQUEST = json.dumps({"apiVersion": "credentialprovider.kubelet.k8s.io/v1", "kind": "CredentialProviderRequest", "image": IMAGE})


def main(program, build, runs="201"):
    module = MODULES / "static-token.so"
    MODULES.mkdir(parents=True)
    try:
        shutil.copy(Path(build) / "lib/registry-credential-broker/builtin/static-token.so", module)
        module.chmod(0o644)
        with tempfile.TemporaryDirectory() as folder:
            secret = Path(folder) / "secret"
            secret.write_text("password", encoding="utf-8")

            def row(name, module):
                config = Path(folder) / f"{name}.yaml"
                config.write_text(broker_file(standing(secret)).replace("module: static-token", f"module: {module}"), encoding="utf-8")
                return Row(name, [program, "--config", str(config)], "password")

            rows = [row(BUILT_IN, "static-token"), row(CONTAINED, module)]
            times = Times(timing.measure(Programs(Path(build) / "bin", program, ""), rows, REQUEST, int(runs)))
    finally:
        shutil.rmtree(MODULES)
    for name in (BUILT_IN, CONTAINED):
        print(f"{name}: {times.median(name, 'wall'):.2f} ms, {times.median(name, 'cpu'):.2f} ms of CPU")


if __name__ == "__main__":
    main(*sys.argv[1:])
