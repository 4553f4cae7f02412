#include "tests/support/registry_error.hpp"

#include "core/support/json_writer.hpp"

namespace rcb::test {

ServerReply registryError(int status, const char* code, const char* message) {
  ServerReply reply{status, {{"Content-Type", "application/json"}}, ""};
  JsonWriter writer(reply.body);
  writer.beginObject();
  writer.key("errors");
  writer.beginArray();
  writer.beginObject();
  writer.member("code", code);
  writer.member("message", message);
  writer.endObject();
  writer.endArray();
  writer.endObject();
  return reply;
}

}  // namespace rcb::test
