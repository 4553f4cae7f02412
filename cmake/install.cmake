# cmake --install: the program (component `program`), and what modules are built with (component `sdk`: headers, find_package(rcb), the example).
include(CMakePackageConfigHelpers)

install(TARGETS registry-credential-broker RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)

set(sdk ${PROJECT_SOURCE_DIR}/core/sdk)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/rcb)
install(TARGETS rcb_sdk EXPORT rcbTargets)
install(EXPORT rcbTargets NAMESPACE rcb:: DESTINATION ${package} COMPONENT sdk)
install(DIRECTORY ${sdk}/include/rcb DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT sdk)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/providers/example
  DESTINATION ${CMAKE_INSTALL_DATADIR}/registry-credential-broker COMPONENT sdk)

# The package's version is the module contract's, which only the header defines.
foreach(part MAJOR MINOR)
  file(STRINGS ${sdk}/include/rcb/provider_abi.h line REGEX "^#define RCB_ABI_${part} [0-9]+$")
  string(REGEX MATCH "[0-9]+$" abi_${part} "${line}")
endforeach()
configure_package_config_file(${sdk}/cmake/rcbConfig.cmake.in ${PROJECT_BINARY_DIR}/rcbConfig.cmake
  INSTALL_DESTINATION ${package} NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/rcbConfigVersion.cmake
  VERSION ${abi_MAJOR}.${abi_MINOR} COMPATIBILITY SameMajorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/rcbConfig.cmake ${PROJECT_BINARY_DIR}/rcbConfigVersion.cmake
  ${sdk}/cmake/rcb_add_module.cmake ${sdk}/cmake/module.map
  DESTINATION ${package} COMPONENT sdk)
