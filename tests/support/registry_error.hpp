// How registries answer what they refuse (OCI distribution specification, "Error Codes").
#pragma once

#include "tests/support/tls_server.hpp"

namespace rcb::test {

// {"errors": [{"code": …, "message": …}]}
ServerReply registryError(int status, const char* code, const char* message);

}  // namespace rcb::test
