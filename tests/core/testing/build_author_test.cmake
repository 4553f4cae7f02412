# Does what the author of a module does with the kit: installs the SDK, moves it, builds a module's tests against it and runs them. Once with
# pkg-config and the compiler alone, under AddressSanitizer and UndefinedBehaviorSanitizer, and once with find_package(rcb).
#   cmake -DBUILD=… -DSCRATCH=… -DC=… -DCXX=… -DGENERATOR=… -DSANITIZED=… -DNM=… -P build_author_test.cmake
# SANITIZED: the library is instrumented itself, so that every program that loads it needs the same runtime, that of C++ too.

function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "${command}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

set(author ${CMAKE_CURRENT_LIST_DIR}/author)
set(prefix ${SCRATCH}/prefix)
file(REMOVE_RECURSE ${SCRATCH})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${SCRATCH}/first --component sdk)
file(RENAME ${SCRATCH}/first ${prefix})

# --- the library exports what the header declares, and nothing else ---

file(READ ${prefix}/include/rcb/testing.h header)
string(REGEX MATCHALL "RCB_EXPORT [a-z0-9_ ]+\\*?rcb_test_[a-z_]+\\(" declared "${header}")
list(TRANSFORM declared REPLACE "^RCB_EXPORT .*(rcb_test_[a-z_]+)\\($" "\\1")
list(FILTER declared INCLUDE REGEX "^rcb_test_[a-z_]+$")
file(GLOB_RECURSE library ${prefix}/librcb-testing.so)
run(${NM} -D --defined-only ${library})
string(REGEX MATCHALL "[^ \n]+\n" exported "${output}")
list(TRANSFORM exported STRIP)
foreach(list declared exported)
  list(SORT ${list})
  list(REMOVE_DUPLICATES ${list})
endforeach()
if(NOT declared STREQUAL exported)
  message(FATAL_ERROR "testing.h declares: ${declared}\nlibrcb-testing.so exports: ${exported}")
endif()

# --- pkg-config ---

file(GLOB_RECURSE descriptions ${prefix}/rcb-testing.pc)
get_filename_component(folder ${descriptions} DIRECTORY)
set(ENV{PKG_CONFIG_PATH} ${folder})
function(pkg_config variable)
  run(pkg-config ${ARGN})
  separate_arguments(flags UNIX_COMMAND "${output}")
  set(${variable} ${flags} PARENT_SCOPE)
endfunction()
pkg_config(flags --cflags --libs rcb-testing)
pkg_config(libraries --variable=libdir rcb-testing)
pkg_config(map --variable=mapfile rcb)
pkg_config(cflags --cflags rcb)
pkg_config(folder --variable=moduledir rcb)
if(NOT IS_ABSOLUTE "${folder}")
  message(FATAL_ERROR "rcb.pc has an invalid folder of modules: '${folder}'")
endif()

set(strict -g -Wall -Wextra -Wpedantic -Werror)
run(${C} -std=c11 ${strict} -shared -fPIC -fvisibility=hidden ${author}/module.c ${cflags} -Wl,--version-script=${map} -o ${SCRATCH}/author.so)

set(sanitizers -fsanitize=address,undefined -fno-sanitize-recover=all)
if(SANITIZED)
  list(APPEND sanitizers -fsanitize-link-c++-runtime)
  list(APPEND flags -lstdc++)
endif()
run(${C} -std=c11 ${strict} ${sanitizers} ${author}/module.c ${author}/module_test.c ${flags} -Wl,-rpath,${libraries} -o ${SCRATCH}/module_test)
run(${SCRATCH}/module_test)
run(${C} -std=c11 ${strict} ${sanitizers} ${cflags} -c ${author}/module.c -o ${SCRATCH}/module.o)
foreach(standard 17 20)
  run(${CXX} -std=c++${standard} ${strict} -Wshadow -Wconversion -Wold-style-cast ${sanitizers}
    ${author}/module_test.cpp ${SCRATCH}/module.o ${flags} -Wl,-rpath,${libraries} -o ${SCRATCH}/module_test_${standard})
  run(${SCRATCH}/module_test_${standard})
endforeach()

# --- CMake ---

set(flags "")
if(SANITIZED)
  list(JOIN sanitizers " " flags)
  string(APPEND flags " -lstdc++")
endif()
run(${CMAKE_COMMAND} -S ${author} -B ${SCRATCH}/build -G ${GENERATOR} -DCMAKE_PREFIX_PATH=${prefix}
  -DCMAKE_C_COMPILER=${C} -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_EXE_LINKER_FLAGS=${flags})
run(${CMAKE_COMMAND} --build ${SCRATCH}/build)
run(${CMAKE_CTEST_COMMAND} --test-dir ${SCRATCH}/build)
