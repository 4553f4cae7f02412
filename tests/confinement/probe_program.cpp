// The program with one provider, which tries from inside of a run what an attacker in its place would: once it has talked to a server.
#include "core/app/program.hpp"
#include "core/process/confinement.hpp"
#include "core/process/process_end.hpp"
#include "core/process/process_hardening.hpp"
#include "tests/confinement/attempts.hpp"

#include <rcb/provider.hpp>

namespace rcb::test {
namespace {

class Probe final : public sdk::Provider {
 public:
  static constexpr Setting kSettings[] = {
      {.name = "url", .type = Type::kUrl, .required = true, .summary = "Where to send a request first."},
      {.name = "file", .type = Type::kFile, .required = true, .summary = "A file to read afterwards."},
  };
  static constexpr Description kDescription = {.name = "probe",
                                               .version = "1.0.0",
                                               .summary = "Tries what a run must not be able to do.",
                                               .settings = kSettings};

  void provide(const Request& request, const Host& host) override {
    host.get(request.setting("url"));
    const std::string file(host.readFile(request.setting("file")));
    // A second connection, whose certificate is looked up again.
    host.get(request.setting("url"));
    host.emit({"probe",
               file + "|" + report(forbiddenAttempts()) + "|" + report(networkAttempts()) + report(runtimeAttempts()),
               Expiry::never()});
  }
};

}  // namespace
}  // namespace rcb::test

RCB_EXPORT_PROVIDER(rcb::test::Probe)

int main(int argc, char** argv) {
  rcb::hardenProcess();
  const rcb::BuiltinProvider builtins[] = {{"probe", rcb_probe_entry}};
  rcb::endProcess(rcb::runProgram({.builtins = builtins,
                                   .dropIns = {},
                                   .arguments = {argv + 1, argv + argc},
                                   .environment = rcb::currentEnvironment(),
                                   .confine = rcb::confine}));
}
