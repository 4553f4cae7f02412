"""While the program is run a hundred times, `install` replaces it again and again: no run finds it busy, incomplete or missing."""

import shutil
import subprocess
import threading
from pathlib import Path

from node.node import BROKER_FILE
from node.service import kubelet_service

PROGRAM = Path("/usr/local/lib/kubelet-plugins/registry-credential-broker")


def prove(node):
    options = ["--files-only", "--kubernetes", f"1.{node.version[1]}"]
    versions = [node.folder / "program-1", node.folder / "program-2"]
    for number, version in enumerate(versions):
        shutil.copyfile(node.broker, version)
        with version.open("ab") as file:
            file.write(b"\n" * number)
        version.chmod(0o755)
    failures, runs, done = [], [], threading.Event()

    def run_often():
        while not done.is_set() and not failures:
            try:
                run = subprocess.run([PROGRAM, "validate", "--config", BROKER_FILE], capture_output=True, check=False, timeout=60)
                if run.returncode != 0:
                    failures.append(run)
            except OSError as error:
                failures.append(error)
            runs.append(1)

    with kubelet_service(node) as service:
        service.run("install", *options, program=versions[0])
        threads = [threading.Thread(target=run_often) for _ in range(4)]
        for thread in threads:
            thread.start()
        replaced = 0
        try:
            while (len(runs) < 100 or replaced < 10) and not failures:
                replaced += 1
                service.run("install", *options, program=versions[replaced % 2])
                assert PROGRAM.read_bytes() == versions[replaced % 2].read_bytes()
        finally:
            done.set()
            for thread in threads:
                thread.join()
        assert not failures, failures
        service.run("uninstall", "--files-only")
        return f"{len(runs)} runs, replaced {replaced} times"
