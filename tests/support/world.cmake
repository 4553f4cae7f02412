# rcb_test_world: the services that a node meets, and rcb-test-world, the program that runs them.
add_library(rcb_test_world STATIC
  child_process.cpp
  cloudsmith_exchange.cpp
  cloudsmith_policy.cpp
  identity_service.cpp
  image_registry.cpp
  json_web_token.cpp
  random_text.cpp
  registry_token_service.cpp
  signing_key.cpp
  tested_program.cpp
  test_image.cpp
  world.cpp)
add_library(rcb::test_world ALIAS rcb_test_world)
target_link_libraries(rcb_test_world PUBLIC rcb::test_support rcb::support PRIVATE rcb_options)
set_source_files_properties(tested_program.cpp PROPERTIES COMPILE_DEFINITIONS RCB_BINARY_DIR="${PROJECT_BINARY_DIR}")

add_executable(rcb-test-world world_main.cpp)
target_link_libraries(rcb-test-world PRIVATE rcb::test_world CLI11::CLI11 rcb_options)

rcb_add_test(test_world_test LABEL service
  SOURCES
    child_process_test.cpp
    cloudsmith_exchange_test.cpp
    identity_service_test.cpp
    json_web_token_test.cpp
    registry_token_service_test.cpp
    world_test.cpp
  DEPENDS rcb::test_world)
add_dependencies(test_world_test rcb-test-world)
