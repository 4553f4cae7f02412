// The way of one request: select rule, check identity, open module, provide, build response. Every command that needs a part of the way calls
// the same steps.
#pragma once

#include "core/broker/broker.hpp"
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

// A file that a setting names. Throws Error: kFileUntrusted, kFileUnreadable.
Secret readSettingFile(const std::string& path);

// What the way needs from the process; `explain` and tests put other ones in.
struct AnswerServices {
  HttpClient& http;
  const Log& log;
  Deadline deadline;
  std::function<UnixTime()> now;
  std::function<Secret(const std::string& path)> readFile = readSettingFile;
};

// The index into broker.config.patterns that wins. Throws Error(kNoRule), naming the nearest pattern.
std::size_t selectOrRefuse(const BrokerConfig& config, const ImageReference& image);

// The answer for a request under the rule of the winning pattern. Throws Error; the line names the provider and the image.
Response answerRequest(const BrokerConfig& config, std::size_t winner, const Request& request, ProviderSet& providers,
                       const AnswerServices& services);

}  // namespace rcb
