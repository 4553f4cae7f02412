// The contract and its C functions in C++.

#include "header_test.c"
