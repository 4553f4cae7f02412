// Names of annotations, as Kubernetes accepts them.
#pragma once

#include <string>
#include <string_view>

namespace rcb {

// Why it is not a name of an annotation, as a predicate: "has an empty part before '/'"; empty if it is one: NAME or PREFIX/NAME in letters of any
// case.
std::string qualifiedNameProblem(std::string_view key);

}  // namespace rcb
