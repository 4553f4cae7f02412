# Does what the author of a module does, with the commands of docs/provider-guide.md and without a network: copies a template of the installed SDK,
# runs its tests, builds the module and puts it into a module folder. Then looks at what it exports and needs (check_module.cmake).
#   cmake -DTEMPLATE=cpp|c|rust|go -DPREFIX=… -DSCRATCH=… -DMODULES=… -DINSTRUMENTED=… -DC=… -DCXX=… -DGENERATOR=… -DNM=… -DREADELF=…
#     -P build_template.cmake
# PREFIX: where the SDK is. MODULES: the module folder. INSTRUMENTED: the flags of the build's sanitizers, with which a program must be linked that
# loads this build's librcb-testing. Go and Rust have other sanitizers, so their tests run in the other builds only.

function(run)
  execute_process(COMMAND ${ARGV} WORKING_DIRECTORY ${folder} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "${command}\n${output}")
  endif()
endfunction()

set(folder ${SCRATCH}/${TEMPLATE})
file(REMOVE_RECURSE ${folder})
file(COPY ${PREFIX}/share/registry-credential-broker/example/${TEMPLATE} DESTINATION ${SCRATCH})

if(TEMPLATE STREQUAL rust)
  set(ENV{CARGO_NET_OFFLINE} true)
  set(ENV{CARGO_TARGET_DIR} ${folder}/target)
  if(NOT INSTRUMENTED)
    run(cargo test)
  endif()
  run(cargo build --release)
  set(name example-rust)
  set(built ${folder}/target/release/libexample_rust.so)
elseif(TEMPLATE STREQUAL go)
  set(ENV{GOFLAGS} -mod=mod)
  set(ENV{GOPROXY} off)
  set(ENV{GOTOOLCHAIN} local)
  if(NOT INSTRUMENTED)
    run(go test)
  endif()
  run(go build -buildmode=c-shared -ldflags=-s -o example-go.so)
  set(name example-go)
  set(built ${folder}/example-go.so)
else()
  run(${CMAKE_COMMAND} -B build -DCMAKE_BUILD_TYPE=Release -G ${GENERATOR} -DCMAKE_PREFIX_PATH=${PREFIX} -DCMAKE_C_COMPILER=${C} -DCMAKE_CXX_COMPILER=${CXX}
    "-DCMAKE_C_FLAGS=-Wall -Wextra -Wpedantic -Werror" "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Werror"
    "-DCMAKE_EXE_LINKER_FLAGS=${INSTRUMENTED}" --no-warn-unused-cli)
  run(${CMAKE_COMMAND} --build build)
  run(${CMAKE_CTEST_COMMAND} --test-dir build --output-on-failure --no-tests=error)
  set(name example)
  if(TEMPLATE STREQUAL c)
    set(name example-c)
  endif()
  set(built ${folder}/build/${name}.so)
endif()

file(MAKE_DIRECTORY ${MODULES})
configure_file(${built} ${MODULES}/${name}.so COPYONLY)
set(INSTRUMENTED "")
set(MODULES ${MODULES}/${name}.so)
include(${CMAKE_CURRENT_LIST_DIR}/../abi/check_module.cmake)
