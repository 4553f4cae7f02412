# Does what the author of a module does: installs the SDK, copies the example, builds it with find_package(rcb). Then looks at what the
# modules export and need (check_module.cmake).
#   cmake -DBUILD=… -DSCRATCH=… -DC=… -DCXX=… -DGENERATOR=… -DNM=… -DREADELF=… -P build_example.cmake

function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "${command}\n${output}")
  endif()
endfunction()

file(REMOVE_RECURSE ${SCRATCH})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${SCRATCH}/prefix --component sdk)
file(COPY ${SCRATCH}/prefix/share/registry-credential-broker/example DESTINATION ${SCRATCH})
run(${CMAKE_COMMAND} -S ${SCRATCH}/example -B ${SCRATCH}/build -G ${GENERATOR} -DCMAKE_BUILD_TYPE=Release
  -DCMAKE_PREFIX_PATH=${SCRATCH}/prefix -DCMAKE_C_COMPILER=${C} -DCMAKE_CXX_COMPILER=${CXX}
  "-DCMAKE_C_FLAGS=-Wall -Wextra -Wpedantic -Werror" "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Werror")
run(${CMAKE_COMMAND} --build ${SCRATCH}/build)

set(MODULES ${SCRATCH}/build/example.so ${SCRATCH}/build/example-c.so)
include(${CMAKE_CURRENT_LIST_DIR}/check_module.cmake)
