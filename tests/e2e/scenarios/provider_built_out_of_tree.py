"""A provider in a shared library, built with the SDK's headers alone, is added while the kubelet goes on running."""

import subprocess
from pathlib import Path

from node.node import REPOSITORY

MODULES = Path("/usr/local/lib/registry-credential-broker")

SOURCE = r"""
#include <rcb/provider.hpp>

class Borrowed final : public rcb::sdk::Provider {
 public:
  static constexpr Setting kSettings[] = {{.name = "exchange", .type = Type::kUrl, .required = true, .summary = "The URL of the exchange."}};
  static constexpr Description kDescription = {
      .name = "borrowed", .version = "0.0.1", .summary = "Exchanges tokens.", .needsToken = true, .settings = kSettings};

  void provide(const Request& request, const Host& host) override {
    const auto answer = host.post(request.setting("exchange"),
                                  Body::json({{"oidc_token", request.token()}, {"service_slug", "kubelet-puller"}}));
    const auto password = host.jsonText(answer, "/token");
    if (!password) throw Failure(Status::kBadAnswer, "the answer contains no token");
    host.emit({"token", *password, Expiry::fromJwt()});
  }
};
RCB_EXPORT_PROVIDER(Borrowed)
"""

RULE = """
- name: borrowed
  module: {library}
  matchImages: ["docker.cloudsmith.io/globex"]
  audience: cloudsmith
  settings: {{exchange: "https://api.cloudsmith.io/openid/globex/"}}
"""


def prove(node):
    before = node.kubelet.pid
    node.cluster.service_account("team-b", "puller")
    image = "docker.cloudsmith.io/globex/app:1"
    node.cluster.pod("team-b", "puller", image).must_be_refused()

    built = node.folder / "borrowed.so"
    subprocess.run(["g++", "-std=c++20", "-shared", "-fPIC", "-fvisibility=hidden", "-I", REPOSITORY / "core/sdk/include",
                    "-x", "c++", "-", "-o", built], input=SOURCE.encode(), check=True)
    MODULES.mkdir(parents=True, exist_ok=True)
    library = MODULES / "borrowed.so"
    library.write_bytes(built.read_bytes())
    node.use_broker_file(node.usual_broker_file + RULE.format(library=library))
    # The other rule's credential is in the kubelet's memory for an hour, so the pod has another account.
    node.cluster.service_account("partner", "puller")
    node.cluster.pod("partner", "puller", image).must_run()
    assert node.world.exchanges("partner/puller")[-1]["organization"] == "globex"
    assert node.kubelet.pid == before
