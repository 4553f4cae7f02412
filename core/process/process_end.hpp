// How the process ends once its answer is written: at once. The destructors and exit functions of a module's library would run after it, where one
// that hangs or aborts makes a failure of a success.
#pragma once

namespace rcb {

// Nothing is left to flush (the program writes without buffers) or to wipe (secrets die with the functions that hold them).
[[noreturn]] void endProcess(int status);

}  // namespace rcb
