# Options are properties of targets; none is global.
include(CheckCXXCompilerFlag)

# rcb_options: the options of every target of this project.
add_library(rcb_options INTERFACE)
target_compile_features(rcb_options INTERFACE cxx_std_20 c_std_11)
target_include_directories(rcb_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(rcb_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-align -Wformat=2
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast>
  -fstack-protector-strong -fvisibility=hidden -fPIC)
target_link_options(rcb_options INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
# Checks of libstdc++'s own: an index behind the end of a vector, the front of an empty string. Means nothing to another library.
target_compile_options(rcb_options INTERFACE -D_GLIBCXX_ASSERTIONS)

# rcb_add_option(FLAG): for every target, if the compiler knows it. Tried without linking: config/build/libraries.sh says why.
function(rcb_add_option flag)
  string(MAKE_C_IDENTIFIER "RCB_HAS${flag}" known)
  set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
  check_cxx_compiler_flag(${flag} ${known})
  if(${known})
    target_compile_options(rcb_options INTERFACE ${flag})
  endif()
endfunction()
rcb_add_option(-fstack-clash-protection)
# Marks where calls and jumps may lead (x86-64: IBT and shadow stacks; arm64: BTI and PAC). The linker marks the program only if everything in it is
# marked, and Debian 12's start files for x86-64 are not: there it takes effect in modules and programs that are linked on a later distribution.
if(RCB_BRANCH_PROTECTION AND CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
  rcb_add_option(-fcf-protection=full)
elseif(RCB_BRANCH_PROTECTION AND CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
  rcb_add_option(-mbranch-protection=standard)
endif()

# GCC 12 sees an overlap in every optimised `"literal" + string` (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(rcb_options INTERFACE -Wno-restrict)
endif()
if(NOT RCB_SANITIZE AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_options(rcb_options INTERFACE -D_FORTIFY_SOURCE=2)
endif()
if(RCB_SANITIZE)
  target_compile_options(rcb_options INTERFACE -fsanitize=address -fno-omit-frame-pointer)
  target_link_options(rcb_options INTERFACE -fsanitize=address,undefined)
endif()

# rcb_product: the options of core/, compat/ and providers/. Tests do not use them, since they would take half as long again to compile.
add_library(rcb_product INTERFACE)
target_link_libraries(rcb_product INTERFACE rcb_options)
if(RCB_SANITIZE)
  target_compile_options(rcb_product INTERFACE -fsanitize=undefined -fno-sanitize-recover=all)
endif()
# A fuzzer is guided by the branches that its input took, so the layers must count them.
if(RCB_BUILD_FUZZERS)
  target_compile_options(rcb_product INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(RCB_COVERAGE)
  target_compile_options(rcb_product INTERFACE --coverage -fprofile-abs-path)
  target_link_options(rcb_options INTERFACE --coverage)
endif()

# rcb_prefer_size(TARGET [SOURCE…]): an optimised build makes it, or these sources of it, small rather than fast. For what runs at a user's command,
# after a failure, or once in a run, which waits for a network most of its time.
function(rcb_prefer_size target)
  if(ARGN)
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS $<$<CONFIG:Release>:-Os>)
  else()
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-Os>)
  endif()
endfunction()

# rcb_add_layer(NAME SOURCES… DEPENDS…): one layer of core/, a static library rcb_NAME with alias rcb::NAME. DEPENDS may only name layers
# below it; tests/checks/layers.py checks the includes.
function(rcb_add_layer name)
  cmake_parse_arguments(LAYER "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  add_library(rcb_${name} STATIC ${LAYER_SOURCES})
  add_library(rcb::${name} ALIAS rcb_${name})
  target_link_libraries(rcb_${name} PUBLIC ${LAYER_DEPENDS} PRIVATE ${LAYER_PRIVATE_DEPENDS} rcb_product)
endfunction()
