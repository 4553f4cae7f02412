# Makes an invented version 1.1 of the module contract, and a host that has it: the header and the host's own sources as they are, each with the lines
# that 1.1 would add. It ends with an error if a line is gone that the additions belong to, so that it cannot grow stale.
#
#   next_contract(SOURCE FOLDER RESULT)   writes FOLDER/include/rcb/provider_abi.h, and what RESULT then lists: the sources of the host that depend on
#                                         the header. All others are the program's own.

# next_file(from to [LINE TEXT]…): FOLDER/to is SOURCE/from with each TEXT in place of its LINE.
function(next_file from to)
  file(READ ${source}/${from} content)
  set_property(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source}/${from})
  set(at 2)
  while(at LESS ARGC)
    math(EXPR behind "${at} + 1")
    set(line "${ARGV${at}}")
    string(FIND "${content}" "${line}" first)
    string(FIND "${content}" "${line}" second REVERSE)
    if(first EQUAL -1 OR NOT first EQUAL second)
      message(FATAL_ERROR "next/make_next.cmake: ${from} no longer has one line with: ${line}")
    endif()
    string(REPLACE "${line}" "${ARGV${behind}}" content "${content}")
    math(EXPR at "${at} + 2")
  endwhile()
  file(CONFIGURE OUTPUT ${folder}/${to} CONTENT "${content}" @ONLY)
endfunction()

function(next_contract source folder result)
  next_file(core/sdk/include/rcb/provider_abi.h include/rcb/provider_abi.h
    "#define RCB_ABI_MINOR 0" "#define RCB_ABI_MINOR 1"
    "} rcb_setting;" "  rcb_text example;\n} rcb_setting;"
    "} rcb_request;" "  rcb_text cluster;\n} rcb_request;"
    "} rcb_http_request;" "  rcb_text trace;\n} rcb_http_request;"
    "} rcb_credential;" "  rcb_text note;\n} rcb_credential;"
    "} rcb_host;" "  rcb_status (*shout)(void *context, rcb_text text, rcb_text *shouted);\n} rcb_host;"
    "} rcb_provider;" "  rcb_text homepage;\n} rcb_provider;"
    # Flags that must be understood, and flags that may be ignored.
    "RCB_SETTING_SECRET = 1u << 3 " "RCB_SETTING_SECRET = 1u << 3, RCB_SETTING_NEXT = 1u << 4, RCB_SETTING_HINT = 1u << 16 "
    "RCB_HTTP_ONCE = 1u << 1," "RCB_HTTP_ONCE = 1u << 1, RCB_HTTP_NEXT = 1u << 2, RCB_HTTP_HINT = 1u << 17,"
    "RCB_TRAIT_CONTACTS_REGISTRY = 1u << 2 " "RCB_TRAIT_CONTACTS_REGISTRY = 1u << 2, RCB_TRAIT_NEXT = 1u << 3, RCB_TRAIT_HINT = 1u << 16 ")

  next_file(core/modules/module_provider.cpp core/modules/module_provider.cpp
    "kKnownTraits = RCB_TRAIT_NEEDS_TOKEN |" "kKnownTraits = RCB_TRAIT_NEXT | RCB_TRAIT_NEEDS_TOKEN |"
    "    RCB_SETTING_REQUIRED | RCB_SETTING_ANNOTATION |" "    RCB_SETTING_NEXT | RCB_SETTING_REQUIRED | RCB_SETTING_ANNOTATION |"
    "    description.summary = text(table.summary, \"summary\");"
    "    description.summary = text(table.summary, \"summary\");
    if (table.size >= offsetof(rcb_provider, homepage) + sizeof table.homepage) description.summary += text(table.homepage, \"homepage\");"
    "    spec.summary = text(raw.summary, \"summary of the setting \" + spec.name);"
    "    spec.summary = text(raw.summary, \"summary of the setting \" + spec.name);
    if (raw.size >= offsetof(rcb_setting, example) + sizeof raw.example) spec.summary += text(raw.example, \"example\");"
    "    request_.size = sizeof request_;"
    "    request_.size = sizeof request_;\n    request_.cluster = raw(\"cluster-7\");")

  next_file(core/modules/host_services.cpp core/modules/host_services.cpp
    "  table_.context = this;"
    "  table_.context = this;
  table_.shout = [](void* context, rcb_text text, rcb_text* shouted) noexcept {
    return guarded(context, \"shout\", [&](HostServices& host) {
      checked(shouted, \"shouted\") = raw(host.buffers_.keepPartOf(view(text), Secret(std::string(view(text)) + '!')));
      return rcb_status{RCB_OK};
    });
  };")

  next_file(core/modules/host_services_http.cpp core/modules/host_services_http.cpp
    "kUnderstoodFlags = RCB_HTTP_ANY_STATUS |" "kUnderstoodFlags = RCB_HTTP_NEXT | RCB_HTTP_ANY_STATUS |"
    "  wanted.url = view(request.url);"
    "  wanted.url = view(request.url);
  if (request.size >= offsetof(rcb_http_request, trace) + sizeof request.trace && request.trace.size != 0)
    wanted.headers.emplace_back(\"Trace\", view(request.trace));")

  next_file(core/modules/host_services_output.cpp core/modules/host_services_output.cpp
    "  secrets_.add(credential_->password.reveal());"
    "  secrets_.add(credential_->password.reveal());
  if (credential.size >= offsetof(rcb_credential, note) + sizeof credential.note) credential_->username += view(credential.note);")

  # What passes between the program and the process of a module.
  next_file(core/modules/service_list.hpp include/core/modules/service_list.hpp
    "&rcb_host::deadline_ms>;" "&rcb_host::deadline_ms, &rcb_host::shout>;")
  next_file(core/modules/contract_messages.cpp core/modules/contract_messages.cpp
    "  message.text(table.summary);"
    "  message.text(table.summary);
  message.text(table.size >= offsetof(rcb_provider, homepage) + sizeof table.homepage ? table.homepage : rcb_text{});"
    "    table_.summary = message_.text();"
    "    table_.summary = message_.text();\n    table_.homepage = message_.text();"
    "  message.text(setting.summary);"
    "  message.text(setting.summary);
  message.text(setting.size >= offsetof(rcb_setting, example) + sizeof setting.example ? setting.example : rcb_text{});"
    "  setting.summary = message_.text();"
    "  setting.summary = message_.text();\n  setting.example = message_.text();"
    "  lent.lend(message, view(request.service_account));"
    "  lent.lend(message, view(request.service_account));\n  lent.lend(message, view(request.cluster));"
    "  request_.service_account = raw(strings.borrow(message));"
    "  request_.service_account = raw(strings.borrow(message));\n  request_.cluster = raw(strings.borrow(message));"
    "  strings.write(message, request.content);"
    "  strings.write(message, request.content);
  const bool hasTrace = request.size >= offsetof(rcb_http_request, trace) + sizeof request.trace;
  strings.write(message, hasTrace ? request.trace : rcb_text{});"
    "  request_.content = message.text(readerOf(lent));"
    "  request_.content = message.text(readerOf(lent));\n  request_.trace = message.text(readerOf(lent));"
    "  strings.write(message, credential.password);"
    "  strings.write(message, credential.password);
  const bool hasNote = credential.size >= offsetof(rcb_credential, note) + sizeof credential.note;
  strings.write(message, hasNote ? credential.note : rcb_text{});"
    "  credential.password = message.text(readerOf(lent));"
    "  credential.password = message.text(readerOf(lent));\n  credential.note = message.text(readerOf(lent));")

  # What depends on the header and needs no lines of its own.
  foreach(file contained_module contract_version host_services_reading host_services_values lent_strings message module_code module_process
      service_client service_server)
    next_file(core/modules/${file}.cpp core/modules/${file}.cpp)
  endforeach()

  file(GLOB all ${source}/core/modules/*.cpp)
  set(made)
  foreach(path IN LISTS all)
    file(STRINGS ${path} uses REGEX "^#include \"(rcb/provider_abi|core/modules/(abi_text|host_services))[.]h(pp)?\"")
    cmake_path(GET path FILENAME name)
    if(EXISTS ${folder}/core/modules/${name})
      list(APPEND made ${folder}/core/modules/${name})
    elseif(uses AND NOT name MATCHES "^module_(image|library)[.]cpp$") # which only know the entry symbol
      message(FATAL_ERROR "next/make_next.cmake: core/modules/${name} depends on the header of the contract, and is not made for 1.1")
    endif()
  endforeach()
  set(${result} ${made} PARENT_SCOPE)
endfunction()
