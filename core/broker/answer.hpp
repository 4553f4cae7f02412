// The steps of one run: select a rule, check the identity, open the module, provide, build the response. Commands that need a part of them call the
// same functions.
#pragma once

#include "core/broker/broker.hpp"
#include "core/broker/setting_files.hpp"
#include "core/modules/provider.hpp"
#include "core/modules/provider_set.hpp"
#include "core/net/http_client.hpp"
#include "core/observe/log.hpp"
#include "core/protocol/request.hpp"
#include "core/protocol/response.hpp"
#include "core/support/deadline.hpp"

#include <functional>
#include <string>

namespace rcb {

// What the steps need from the process. `explain` and tests use others.
struct AnswerServices {
  HttpClient& http;
  const Log& log;
  Deadline deadline;
  std::function<UnixTime()> now;
  SettingFiles& files;
};

// The index of the selected entry of config.patterns. Throws Error(kNoRule), which names the nearest pattern.
std::size_t selectOrRefuse(const BrokerConfig& config, const ImageReference& image);

// The response to a request under the rule of the selected pattern. Throws Error with the rule and the image in its context.
Response answerRequest(const BrokerConfig& config, std::size_t winner, const Request& request, ProviderSet& providers,
                       const AnswerServices& services);

}  // namespace rcb
