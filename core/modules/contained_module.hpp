// A loaded module, in a process of its own that has nothing to lose (module_process.hpp). What the module does wrong there becomes one error here
// that names it. What it may do goes through the host's services, which stay in this process with all their checks.
#pragma once

#include "core/modules/message_socket.hpp"
#include "core/modules/module_code.hpp"
#include "core/modules/module_library.hpp"

#include <memory>
#include <string>

namespace rcb {

// Starts the process, which confines itself as far as possible and loads the files; the constructors of the libraries run there. `name`: of the
// provider, for messages. The functions of the result, and this one, throw Error: kModuleRefused if the module cannot be loaded; kConfinementMissing
// if `mustBeConfined` and a part of the confinement is missing; kModuleMisbehaved for what the module does wrong, which it has then done for good;
// kDeadline if it does not return within what is left of the run (`rcb_host.deadline_ms`), or, before a call, within a few seconds.
std::unique_ptr<ModuleCode> containedModule(const ModuleFiles& files, const std::string& name, bool mustBeConfined);

// The same for a module that is loaded already, and served (module_process.hpp) at the other end of a socket.
std::unique_ptr<ModuleCode> servedModule(MessageSocket socket, std::string name);

}  // namespace rcb
