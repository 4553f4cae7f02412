#include "tests/core/modules/stub_module.hpp"

#include "tests/core/modules/served_stub.hpp"

#include <cstdlib>

namespace rcb::test {
namespace {

StubModule* current = nullptr;

const rcb_provider* enter(const rcb_host_info* host) {
  current->asked = *host;
  return &current->table;
}

rcb_status provide(const rcb_host* host, const rcb_request* request) { return current->behaviour(*host, *request); }

rcb_status check(const rcb_host* host, const rcb_request* request) { return current->check(*host, *request); }

}  // namespace

rcb_setting settingNamed(std::string_view name) {
  rcb_setting setting{};
  setting.size = sizeof setting;
  setting.name = text(name);
  return setting;
}

StubModule::StubModule() {
  current = this;
  table.size = sizeof table;
  table.abi_minor = RCB_ABI_MINOR;
  table.name = text("stub");
  table.version = text("1.0.0");
  table.summary = text("A stub.");
  table.provide = &provide;
  hosts = {text("sts.test")};
  behaviour = [](const rcb_host& host, const rcb_request&) {
    const rcb_credential credential{sizeof credential,   text("user"),       text("password"),
                                    RCB_EXPIRES_UNKNOWN, RCB_SCOPE_REGISTRY, 0};
    return host.emit(host.context, &credential);
  };
}

StubModule::~StubModule() { current = nullptr; }

void StubModule::fillTable() {
  if (table.hosts == nullptr) {
    table.hosts = hosts.data();
    table.host_count = hosts.size();
  }
  if (check) table.check = &test::check;
  if (table.settings == nullptr && !settings.empty()) {
    table.settings = settings.data();
    table.setting_count = settings.size();
  }
  if (table.relations == nullptr && !relations.empty()) {
    table.relations = relations.data();
    table.relation_count = relations.size();
  }
}

rcb_provider_entry StubModule::entry() {
  fillTable();
  return &enter;
}

BuiltinProvider StubModule::builtin() { return {"stub", entry()}; }

ModuleProvider StubModule::open(std::string_view name) {
  if (std::getenv("RCB_TEST_SERVED") != nullptr) return ModuleProvider(servedOnAThread(entry()), name);
  return ModuleProvider(entry(), name);
}

}  // namespace rcb::test
