# cmake --install: the program (component `program`), and what modules are built and tested with (component `sdk`: headers, find_package(rcb),
# pkg-config, librcb-testing, the example).
include(CMakePackageConfigHelpers)

install(TARGETS registry-credential-broker RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)

set(sdk ${PROJECT_SOURCE_DIR}/core/sdk)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/rcb)
# The package's version is the module contract's, which only the header defines.
foreach(part MAJOR MINOR)
  file(STRINGS ${sdk}/include/rcb/provider_abi.h line REGEX "^#define RCB_ABI_${part} [0-9]+$")
  string(REGEX MATCH "[0-9]+$" abi_${part} "${line}")
endforeach()
# librcb-testing is not built where modules cannot be loaded.
set(targets rcb_sdk)
set(any_processor ARCH_INDEPENDENT)
if(TARGET rcb_testing_library)
  list(APPEND targets rcb_testing_library)
  set(any_processor)
  set_target_properties(rcb_testing_library PROPERTIES SOVERSION ${abi_MAJOR})
endif()
install(TARGETS ${targets} EXPORT rcbTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT sdk NAMELINK_COMPONENT sdk)
install(EXPORT rcbTargets NAMESPACE rcb:: DESTINATION ${package} COMPONENT sdk)
install(DIRECTORY ${sdk}/include/rcb DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT sdk)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/providers/example
  DESTINATION ${CMAKE_INSTALL_DATADIR}/registry-credential-broker COMPONENT sdk)

configure_package_config_file(${sdk}/cmake/rcbConfig.cmake.in ${PROJECT_BINARY_DIR}/rcbConfig.cmake
  INSTALL_DESTINATION ${package} NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/rcbConfigVersion.cmake
  VERSION ${abi_MAJOR}.${abi_MINOR} COMPATIBILITY SameMajorVersion ${any_processor})
install(FILES ${PROJECT_BINARY_DIR}/rcbConfig.cmake ${PROJECT_BINARY_DIR}/rcbConfigVersion.cmake
  ${sdk}/cmake/rcb_add_module.cmake ${sdk}/cmake/check_glibc.cmake ${sdk}/cmake/module.map
  DESTINATION ${package} COMPONENT sdk)

# Relative to where they are, so that the folder may be moved.
file(RELATIVE_PATH to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" to_prefix ${to_prefix})
list(GET RCB_MODULE_FOLDERS 0 moduledir)
set(descriptions rcb)
if(TARGET rcb_testing_library)
  list(APPEND descriptions rcb-testing)
endif()
foreach(name ${descriptions})
  configure_file(${sdk}/pkgconfig/${name}.pc.in ${PROJECT_BINARY_DIR}/pkgconfig/${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/pkgconfig/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT sdk)
endforeach()

# What modules in other languages are built with. Their templates name the folder that it is installed in.
set(data ${CMAKE_INSTALL_DATADIR}/registry-credential-broker)
install(DIRECTORY ${sdk}/go ${sdk}/rust DESTINATION ${data}/sdk COMPONENT sdk
  PATTERN Cargo.lock EXCLUDE PATTERN target EXCLUDE)
install(CODE "set(data ${data})" COMPONENT sdk)
install(CODE [[
  foreach(file go/go.mod rust/Cargo.toml)
    set(installed $ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/${data}/example/${file})
    file(READ ${installed} content)
    string(REPLACE /usr/local/share/registry-credential-broker ${CMAKE_INSTALL_PREFIX}/${data} content "${content}")
    file(WRITE ${installed} "${content}")
  endforeach()
]] COMPONENT sdk)
