// Builds broker files for tests and lists their problems.
#pragma once

#include "core/settings/broker_config.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rcb::test {

// A file of one complete rule, on lines 3 to 7. `more` continues the rule on line 8, with an indent of two.
inline std::string fileWith(const std::string& more) {
  return "apiVersion: registry-credential-broker/v1alpha1\n"
         "kind: BrokerConfig\n"
         "providers:\n"
         "- name: acme\n"
         "  module: cloudsmith\n"
         "  matchImages: [docker.example.com]\n"
         "  audience: cloudsmith\n" +
         more;
}

// "line:column: path: reason" of every problem.
inline std::vector<std::string> problemsOf(const std::string& text) {
  std::vector<std::string> lines;
  for (const Problem& problem : readBrokerConfig(text, "f").problems) {
    lines.push_back(problem.line("f").substr(problem.mark.line > 0 ? 2 : 3));
  }
  return lines;
}

// The config of a file without problems; the test fails with each problem.
inline BrokerConfig configOf(const std::string& text) {
  LoadedConfig loaded = readBrokerConfig(text, "f");
  for (const Problem& problem : loaded.problems) ADD_FAILURE() << problem.line("f");
  return std::move(loaded.config);
}

}  // namespace rcb::test
