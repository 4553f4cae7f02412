# Does what the author of a module does: installs the SDK, copies the example, builds it with find_package(rcb). Then looks at what the
# modules export and need.
#   cmake -DBUILD=… -DSCRATCH=… -DC=… -DCXX=… -DGENERATOR=… -DNM=… -DREADELF=… -P build_example.cmake

function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "${command}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${SCRATCH})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${SCRATCH}/prefix --component sdk)
file(COPY ${SCRATCH}/prefix/share/registry-credential-broker/example DESTINATION ${SCRATCH})
run(${CMAKE_COMMAND} -S ${SCRATCH}/example -B ${SCRATCH}/build -G ${GENERATOR} -DCMAKE_BUILD_TYPE=Release
  -DCMAKE_PREFIX_PATH=${SCRATCH}/prefix -DCMAKE_C_COMPILER=${C} -DCMAKE_CXX_COMPILER=${CXX}
  "-DCMAKE_C_FLAGS=-Wall -Wextra -Wpedantic -Werror" "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Werror")
run(${CMAKE_COMMAND} --build ${SCRATCH}/build)

foreach(module example example-c)
  run(${NM} -D --defined-only ${SCRATCH}/build/${module}.so)
  string(STRIP "${output}" exported)
  if(NOT exported MATCHES "^[0-9a-f]+ T rcb_provider_entry_v1$")
    message(FATAL_ERROR "${module}.so exports something else than rcb_provider_entry_v1:\n${exported}")
  endif()
  run(${READELF} -d ${SCRATCH}/build/${module}.so)
  string(REGEX MATCHALL "NEEDED[^\n]*\\[[^]]*\\]" needed "${output}")
  foreach(library IN LISTS needed)
    if(NOT library MATCHES "\\[(libc\\.|libm\\.|ld-)")
      message(FATAL_ERROR "${module}.so needs more than libc: ${library}")
    endif()
  endforeach()
endforeach()
