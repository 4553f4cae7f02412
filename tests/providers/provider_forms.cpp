#include "tests/providers/provider_forms.hpp"

#include "providers/builtin.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace rcb::test {
namespace {

rcb_provider_entry builtIn(const std::string& provider) {
  const auto all = builtinProviders();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const BuiltinProvider& builtin) { return builtin.name == provider; });
  return found == all.end() ? nullptr : found->entry;
}

rcb_provider_entry ofLibrary(const std::string& provider) {
  const std::string path = RCB_BINARY_DIR "/lib/registry-credential-broker/builtin/" + provider + ".so";
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw std::runtime_error(::dlerror());
  return reinterpret_cast<rcb_provider_entry>(::dlsym(library, RCB_PROVIDER_ENTRY_SYMBOL));
}

}  // namespace

rcb_provider_entry ProviderForms::entryOf(const std::string& provider) {
  return GetParam() == Form::kBuiltIn ? builtIn(provider) : ofLibrary(provider);
}

const rcb_provider& ProviderForms::tableOf(const std::string& provider) {
  const rcb_host_info host{sizeof host, RCB_ABI_MINOR, RCB_TEXT("1.0.0")};
  return *entryOf(provider)(&host);
}

sdk::ScriptedCall ProviderForms::callOf(const std::string& provider) {
  sdk::ScriptedCall call(entryOf(provider));
  call.time(kNow);
  return call;
}

std::string ProviderForms::jwt(std::optional<std::chrono::seconds> expires,
                               std::optional<std::chrono::seconds> issued) {
  std::string claims = R"({"sub":"system:serviceaccount:team-a:builder")";
  if (expires) claims += fmt::format(R"(,"exp":{})", kNow + expires->count());
  if (issued) claims += fmt::format(R"(,"iat":{})", kNow + issued->count());
  return sdk::ScriptedCall(builtIn("passthrough")).jwt(claims + "}");
}

}  // namespace rcb::test
