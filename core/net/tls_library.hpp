// Which TLS library the program runs with.
#pragma once

#include <string>

namespace rcb {

// Of OpenSSL at run time, such as "3.0.19". With a shared library it may be newer than that of the headers.
std::string tlsLibraryVersion();

}  // namespace rcb
