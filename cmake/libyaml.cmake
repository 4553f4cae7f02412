# yaml::yaml: libyaml, the parser of the broker file. Debian's package contains no CMake file.
find_path(RCB_LIBYAML_INCLUDE yaml.h REQUIRED)
find_library(RCB_LIBYAML_LIBRARY yaml REQUIRED)
mark_as_advanced(RCB_LIBYAML_INCLUDE RCB_LIBYAML_LIBRARY)
add_library(yaml::yaml UNKNOWN IMPORTED)
set_target_properties(yaml::yaml PROPERTIES
  IMPORTED_LOCATION ${RCB_LIBYAML_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${RCB_LIBYAML_INCLUDE})
