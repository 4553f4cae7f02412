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
  test_image.cpp
  world.cpp)
add_library(rcb::test_world ALIAS rcb_test_world)
target_link_libraries(rcb_test_world PUBLIC rcb::test_support rcb::support PRIVATE rcb_options)

add_executable(rcb-test-world world_main.cpp)
target_link_libraries(rcb-test-world PRIVATE rcb::test_world CLI11::CLI11 rcb_options)
