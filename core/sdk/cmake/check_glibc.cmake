# Warns if a module needs a later glibc than its nodes have, naming the symbols that need it: the first pull there would fail. Run after the link, by
# rcb_add_module().
#   cmake -DREADELF=… -DMODULE=NAME.so -DOLDEST=2.28 -P check_glibc.cmake

execute_process(COMMAND ${READELF} --wide --dyn-syms --version-info ${MODULE}
  OUTPUT_VARIABLE tables ERROR_QUIET RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(WARNING "${READELF} cannot read ${MODULE}, so the glibc that it needs is unknown")
  return()
endif()

set(needed ${OLDEST})
set(symbols)
string(REGEX MATCHALL "[A-Za-z0-9_]+@+GLIBC_2\\.[0-9]+" versioned "${tables}")
# Packed relocations, which the loader of 2.36 was the first to understand; no symbol needs this version.
if(tables MATCHES "GLIBC_ABI_DT_RELR")
  list(APPEND versioned DT_RELR@GLIBC_2.36)
endif()
list(REMOVE_DUPLICATES versioned)
foreach(one IN LISTS versioned)
  string(REGEX REPLACE "@+GLIBC_.*" "" symbol ${one})
  string(REGEX REPLACE ".*GLIBC_" "" version ${one})
  if(version VERSION_GREATER OLDEST)
    list(APPEND symbols "${symbol} (${version})")
  endif()
  if(version VERSION_GREATER needed)
    set(needed ${version})
  endif()
endforeach()

if(symbols)
  list(JOIN symbols ", " symbols)
  get_filename_component(name ${MODULE} NAME)
  message(WARNING
    "${name} needs glibc ${needed}, but should run with ${OLDEST}: ${symbols}. Build it with `zig cc -target ${PROCESSOR}-linux-gnu.${OLDEST}` (C++: `zig c++`) "
    "or in a distribution that has this glibc; or set RCB_MODULE_GLIBC to the oldest glibc of your nodes before find_package(rcb).")
endif()
