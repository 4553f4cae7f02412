// The main function of test programs that load modules: each is also the process in which a module runs, as the product is.
#include "core/modules/module_process.hpp"
#include "core/process/process_end.hpp"
#include "core/process/process_hardening.hpp"

#include <gmock/gmock.h>

int main(int argc, char** argv) {
  if (rcb::isModuleProcess({argv, argv + argc})) {
    rcb::hardenProcess();
    rcb::endForkedChild(rcb::serveModule());
  }
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
