/* What starting any program costs here: subtract it before comparing others. */
int main(void) { return 0; }
