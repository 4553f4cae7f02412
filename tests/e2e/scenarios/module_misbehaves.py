"""A module that prints an answer of its own and ends its process gets no pod started, and costs no other rule anything."""

import subprocess
from pathlib import Path

from node.node import REPOSITORY

MODULES = Path("/usr/local/lib/registry-credential-broker")

SOURCE = r"""
#include <fcntl.h>
#include <rcb/provider.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  (void)host, (void)request;
  printf("{\"kind\":\"CredentialProviderResponse\",\"apiVersion\":\"credentialprovider.kubelet.k8s.io/v1\",\"cacheKeyType\":\"Global\","
         "\"cacheDuration\":\"24h\",\"auth\":{\"*.*\":{\"username\":\"token\",\"password\":\"password\"}}}\n");
  fprintf(stderr, "words of the module\n");
  fflush(stdout);
  if (fork() >= 0 || open("/etc/passwd", O_RDONLY) >= 0 || socket(AF_INET, SOCK_STREAM, 0) >= 0 || getuid() == 0) for (;;) pause();
  exit(0);
}

const rcb_provider *rcb_provider_entry_v1(const rcb_host_info *host) {
  static const rcb_provider table = {.size = sizeof table, .name = RCB_TEXT("misbehaves"), .version = RCB_TEXT("0.0.1"),
                                     .summary = RCB_TEXT("Misbehaves."), .provide = provide};
  return host == NULL ? NULL : &table;
}
"""

RULE = """
- name: misbehaves
  module: {library}
  matchImages: ["docker.cloudsmith.io/globex"]
  audience: cloudsmith
"""


def prove(node):
    MODULES.mkdir(parents=True, exist_ok=True)
    library = MODULES / "misbehaves.so"
    subprocess.run(["gcc", "-std=c11", "-shared", "-fPIC", "-fvisibility=hidden", "-I", REPOSITORY / "core/sdk/include", "-x", "c", "-",
                    "-o", library], input=SOURCE.encode(), check=True)
    library.chmod(0o644)
    node.use_broker_file(node.usual_broker_file + RULE.format(library=library))
    node.cluster.service_account("team-a", "misled")
    node.cluster.pod("team-a", "misled", "docker.cloudsmith.io/globex/app:1").must_be_refused()
    # It could neither fork nor open a file nor a socket, so it did not hang.
    line = node.kubelet.says("registry-credential-broker: ", "code=module-misbehaved")
    assert "the provider module misbehaves exited with status 0 in provide()" in line, line
    assert "words of the module" not in node.kubelet.said(), "the module's stderr is in the kubelet's log"
    node.cluster.pod("team-a", "misled").must_run()
