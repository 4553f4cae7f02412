// Prints the schema for the sample providers, as `registry-credential-broker render schema` does for the built-in ones.
#include "core/settings/broker_schema.hpp"
#include "tests/core/settings/sample_providers.hpp"

#include <cstdio>

int main() {
  const std::string schema = rcb::brokerSchema(rcb::test::sampleProviders());
  return std::fputs(schema.c_str(), stdout) < 0 ? 1 : 0;
}
