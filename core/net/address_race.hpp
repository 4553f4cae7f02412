// Connecting to a host with many addresses as RFC 8305 section 5 has it: the next address starts when the last one has failed or has not answered
// for 250 ms, and the first connection wins.
#pragma once

#include "core/net/address_memory.hpp"
#include "core/net/host_addresses.hpp"
#include "core/support/deadline.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace rcb {

inline constexpr std::chrono::milliseconds kConnectionAttemptDelay{250};

struct RaceWinner {
  int socket = -1;  // OWNERSHIP: the caller's. Connected, non-blocking, close-on-exec.
  SocketAddress address;
};

// Tries the addresses in order; those behind the first `preferred` only once none of these is left. Nothing if all have failed or the deadline
// has passed. Each that failed, or was overtaken after it had had its 250 ms, is noted in the memory.
std::optional<RaceWinner> raceAddresses(const std::vector<SocketAddress>& addresses, std::size_t preferred,
                                        const Deadline& deadline, AddressMemory& memory);

}  // namespace rcb
