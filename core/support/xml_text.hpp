// The text of one element of an XML document, read strictly and within limits into memory that is wiped. Refused is what can name, fetch or multiply
// anything: a document type declaration, and with it every entity but the five of XML; and every encoding but UTF-8.
#pragma once

#include "core/support/secret.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace rcb {

// Why a document is not XML within the limits (1 MiB, 32 levels): a short public reason that quotes nothing of it, with the position if there is one,
// as "mismatched tag at line 3, column 7".
struct XmlProblem {
  std::string reason;
};

// Whether the path can lead to an element: the local names from the root on, each after a slash, "/Envelope/Body/Token".
bool isXmlPath(std::string_view path);

// The text of the first element of this path (which must be one), in the document's order: its characters and CDATA sections, without comments, and
// nothing cut off. Prefixes are ignored. No value if there is no such element, or if it has elements in it. The whole document is read in any case.
std::variant<std::optional<Secret>, XmlProblem> readXmlText(std::string_view document, std::string_view path);

// Of libexpat, such as "2.5.0".
std::string xmlLibraryVersion();

}  // namespace rcb
