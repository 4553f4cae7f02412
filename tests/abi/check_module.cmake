# check_module(FILE): ends the script unless a provider module exports its entry symbol and nothing else, and needs nothing but libc.
#   cmake -DNM=… -DREADELF=… -DMODULES=a.so;b.so -P check_module.cmake

function(check_module file)
  execute_process(COMMAND ${NM} -D --defined-only ${file} OUTPUT_VARIABLE exported OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  if(NOT exported MATCHES "^[0-9a-f]+ T rcb_provider_entry_v1$")
    message(FATAL_ERROR "${file} exports something else than rcb_provider_entry_v1:\n${exported}")
  endif()
  execute_process(COMMAND ${READELF} -d ${file} OUTPUT_VARIABLE dynamic COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "NEEDED[^\n]*" needed "${dynamic}")
  list(FILTER needed EXCLUDE REGEX "\\[(libc|libm|ld-linux[^.]*)\\.")
  if(needed AND NOT INSTRUMENTED)
    message(FATAL_ERROR "${file} needs more than libc:\n${needed}")
  endif()
endfunction()

foreach(file IN LISTS MODULES)
  check_module(${file})
endforeach()
