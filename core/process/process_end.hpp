// Ends the process as soon as its answer is written. Destructors and exit handlers of a module's library do not run: one that hangs or aborts would
// turn a success into a failure.
#pragma once

namespace rcb {

// Nothing is left to flush (the program writes without buffers) or to wipe (secrets are destroyed with the functions that own them).
[[noreturn]] void endProcess(int status);

// The same for a forked child, in which memory of its parent's threads has no owner any more: a leak checker would take it for lost.
[[noreturn]] void endForkedChild(int status);

}  // namespace rcb
