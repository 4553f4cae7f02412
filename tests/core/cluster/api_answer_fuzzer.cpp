// Whatever an API server answers, and whatever its tokens are, reading it ends with values or an Error.

#include "core/cluster/access_review.hpp"
#include "core/cluster/pod_list.hpp"
#include "core/cluster/service_account.hpp"
#include "tests/support/fuzz_input.hpp"

namespace {

using rcb::test::require;

template <class Function>
void readOrThrow(const Function& function) {
  try {
    function();
  } catch (const rcb::Error& error) {
    require(error.code() == rcb::ErrorCode::kAnswerInvalid);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = rcb::test::textOf(data, size);
  rcb::parseTokenOrigin(text);
  const auto parsed = rcb::parseJson(text, {.depth = 64, .lastNameCounts = true});
  const rcb::Json* document = std::get_if<rcb::Json>(&parsed);
  if (document == nullptr) return 0;
  readOrThrow([&] {
    for (const rcb::Pod& pod : rcb::readPodPage(*document).pods) {
      require(!pod.name.empty() && !pod.namespaceName.empty());
    }
  });
  readOrThrow([&] { rcb::readCaller(*document); });
  readOrThrow([&] { rcb::readAllowed(*document); });
  rcb::readServiceAccount(*document);
  rcb::readToken(*document);
  return 0;
}
