// The services of rcb_host, in its order. The place of one in this list is its number in messages.
#pragma once

#include "rcb/provider_abi.h"

#include <cstddef>

namespace rcb {

template <auto... Members>
struct ServiceList {
  static constexpr std::size_t kCount = sizeof...(Members);
};

using HostServiceList =
    ServiceList<&rcb_host::http, &rcb_host::json_text, &rcb_host::json_integer, &rcb_host::json_number,
                &rcb_host::json_boolean, &rcb_host::json_kind, &rcb_host::json_name, &rcb_host::xml_text,
                &rcb_host::encode, &rcb_host::decode, &rcb_host::sha256, &rcb_host::hmac_sha256, &rcb_host::parse_time,
                &rcb_host::format_time, &rcb_host::read_file, &rcb_host::emit, &rcb_host::fail, &rcb_host::log,
                &rcb_host::now, &rcb_host::deadline_ms>;

static_assert(sizeof(rcb_host) == offsetof(rcb_host, http) + HostServiceList::kCount * sizeof(rcb_host::http),
              "every service of the contract is in the list");

}  // namespace rcb
