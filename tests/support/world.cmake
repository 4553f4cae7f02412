# rcb_test_world: the services that a node meets, and rcb-test-world, the program that runs them.
add_library(rcb_test_world STATIC
  aws_services.cpp
  aws_signature_verifier.cpp
  azure_cloud.cpp
  child_process.cpp
  cloudsmith_exchange.cpp
  cloudsmith_policy.cpp
  google_identity.cpp
  identity_service.cpp
  image_registry.cpp
  json_web_token.cpp
  random_text.cpp
  registry_error.cpp
  registry_token_service.cpp
  signing_key.cpp
  tested_program.cpp
  test_image.cpp
  token_endpoint.cpp
  world.cpp)
add_library(rcb::test_world ALIAS rcb_test_world)
target_link_libraries(rcb_test_world PUBLIC rcb::test_support rcb::support PRIVATE rcb_options)
set_source_files_properties(tested_program.cpp PROPERTIES COMPILE_DEFINITIONS RCB_BINARY_DIR="${PROJECT_BINARY_DIR}")

find_package(CLI11 2.1 REQUIRED)
add_executable(rcb-test-world world_main.cpp)
target_link_libraries(rcb-test-world PRIVATE rcb::test_world CLI11::CLI11 rcb_options)

rcb_add_test(test_world_test LABEL service
  SOURCES
    aws_services_test.cpp
    aws_signature_verifier_test.cpp
    azure_cloud_test.cpp
    child_process_test.cpp
    cloudsmith_exchange_test.cpp
    google_identity_test.cpp
    identity_service_test.cpp
    json_web_token_test.cpp
    registry_token_service_test.cpp
    token_endpoint_test.cpp
    world_test.cpp
  DEPENDS rcb::test_world)
add_dependencies(test_world_test rcb-test-world)
