/* What a module may do wrong, by name. Everything is done without the host's help. */
#pragma once

#include <rcb/provider.h>

/* Does it; returns if it was not the end. `said` gets a sentence for the operator, if there is something to say. */
void misbehave(const char *deed, char *said, size_t size);
