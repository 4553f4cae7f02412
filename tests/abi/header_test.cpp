// The C contract, compiled in every version of C++ that a module may be written in.

#include "header_test.c"
