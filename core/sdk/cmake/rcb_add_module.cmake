# rcb_add_module(NAME SOURCE…): builds the provider module NAME.so, in C or C++. It exports only its entry symbol, and links the C++ runtime
# statically, without what it does not use, so that it needs only libc on a node.
#
# RCB_MODULE_GLIBC is the oldest glibc of the nodes, 2.28 if nothing else was set before find_package(rcb). A module that needs a later one gets a
# warning after its link (check_glibc.cmake); OFF: none does. C modules need no later one, unless they use new functions. The C++ runtime of GCC 12 on
# Debian 12 needs 2.35 whatever the module does: its unwinder calls _dl_find_object (2.35), and its mutexes pthread_once (2.34). Only another tool
# chain helps.
function(rcb_add_module name)
  set(folder ${CMAKE_CURRENT_FUNCTION_LIST_DIR})
  set(map ${folder}/module.map)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE rcb::sdk)
  target_compile_features(${name} PRIVATE c_std_11 cxx_std_20)
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX ".so"
    POSITION_INDEPENDENT_CODE ON
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${map})
  # Half of a small C++ module is left out, std::random_device with its need for arc4random (2.36) too.
  target_compile_options(${name} PRIVATE -ffunction-sections -fdata-sections)
  target_link_options(${name} PRIVATE
    -Wl,--version-script=${map} -Wl,--gc-sections -Wl,-z,relro,-z,now,-z,noexecstack
    -static-libgcc $<$<LINK_LANGUAGE:CXX>:-static-libstdc++>)
  if(RCB_MODULE_GLIBC AND CMAKE_READELF)
    add_custom_command(TARGET ${name} POST_BUILD VERBATIM
      COMMAND ${CMAKE_COMMAND} -DREADELF=${CMAKE_READELF} -DMODULE=$<TARGET_FILE:${name}> -DOLDEST=${RCB_MODULE_GLIBC}
        -DPROCESSOR=${CMAKE_SYSTEM_PROCESSOR} -P ${folder}/check_glibc.cmake)
  endif()
endfunction()
