#include "core/modules/module_code.hpp"

namespace rcb {
namespace {

class LinkedModule : public ModuleCode {
 public:
  explicit LinkedModule(rcb_provider_entry entry) : entry_(entry) {}

  const rcb_provider* enter(const rcb_host_info& host) override { return table_ = entry_(&host); }
  rcb_status check(const rcb_host& host, const rcb_request& request) override { return table_->check(&host, &request); }
  rcb_status provide(const rcb_host& host, const rcb_request& request) override {
    return table_->provide(&host, &request);
  }

 private:
  rcb_provider_entry entry_;
  const rcb_provider* table_ = nullptr;
};

}  // namespace

std::unique_ptr<ModuleCode> linkedModule(rcb_provider_entry entry) { return std::make_unique<LinkedModule>(entry); }

}  // namespace rcb
