# rcb_add_module(NAME SOURCE…): builds the provider module NAME.so, in C or C++. It exports only its entry symbol, and links the C++ runtime
# statically, so that it needs only libc on a node.
function(rcb_add_module name)
  set(map ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/module.map)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE rcb::sdk)
  target_compile_features(${name} PRIVATE c_std_11 cxx_std_20)
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX ".so"
    POSITION_INDEPENDENT_CODE ON
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${map})
  target_link_options(${name} PRIVATE
    -Wl,--version-script=${map} -Wl,-z,relro,-z,now,-z,noexecstack
    -static-libgcc $<$<LINK_LANGUAGE:CXX>:-static-libstdc++>)
endfunction()
