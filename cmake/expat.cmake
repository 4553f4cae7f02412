# expat::expat: libexpat, the parser of XML answers. Linked statically, since few providers need it, and a shared library would be loaded in every
# run.
find_path(RCB_EXPAT_INCLUDE expat.h REQUIRED)
find_library(RCB_EXPAT_LIBRARY libexpat.a REQUIRED)
mark_as_advanced(RCB_EXPAT_INCLUDE RCB_EXPAT_LIBRARY)
add_library(expat::expat STATIC IMPORTED)
set_target_properties(expat::expat PROPERTIES
  IMPORTED_LOCATION ${RCB_EXPAT_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${RCB_EXPAT_INCLUDE})
