#include "tests/core/app/program_run.hpp"

#include "compat/drop_ins.hpp"
#include "compat/known_plugins.hpp"
#include "providers/builtin.hpp"
#include "tests/support/file_content.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace rcb::test {

ProgramResult runProgramWith(std::vector<std::string> arguments, std::string_view input, Environment environment) {
  const TempFolder folder;
  const int in = ::open(folder.write("in", input).c_str(), O_RDONLY);
  const int out = ::open(folder.write("out", "").c_str(), O_WRONLY);
  const int errors = ::open(folder.write("errors", "").c_str(), O_WRONLY);
  ProgramResult result;
  result.status = runProgram({.builtins = builtinProviders(),
                              .dropIns = dropIns(),
                              .knownPlugins = knownPlugins(),
                              .arguments = std::move(arguments),
                              .environment = std::move(environment),
                              .input = in,
                              .output = out,
                              .errors = errors});
  for (const int descriptor : {in, out, errors}) ::close(descriptor);
  result.output = contentOf(folder.path() + "/out");
  result.errors = contentOf(folder.path() + "/errors");
  return result;
}

std::string requestFor(std::string_view image, std::string_view moreMembers) {
  std::string request =
      R"({"apiVersion":"credentialprovider.kubelet.k8s.io/v1","kind":"CredentialProviderRequest","image":")";
  request += image;
  request += "\"";
  if (!moreMembers.empty()) request += ",";
  request += moreMembers;
  return request + "}";
}

}  // namespace rcb::test
