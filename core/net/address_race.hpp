// Connects to a host with several addresses as in RFC 8305 section 5: the next address is tried when the previous one has failed or has not answered
// within 250 ms, and the first connection wins.
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

// Tries the first `preferred` addresses in order, and the others only after all of those have failed. Returns nothing if all failed or the deadline
// passed. Addresses that failed, or lost the race after 250 ms without an answer, are recorded in `memory`.
std::optional<RaceWinner> raceAddresses(const std::vector<SocketAddress>& addresses, std::size_t preferred,
                                        const Deadline& deadline, AddressMemory& memory);

}  // namespace rcb
