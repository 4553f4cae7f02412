#include "core/net/address_memory.hpp"

#include <algorithm>
#include <utility>

namespace rcb {
namespace {

// Keeps the line in the kubelet's log short.
constexpr std::size_t kDescribed = 4;

}  // namespace

void AddressMemory::note(const SocketAddress& address, std::string deed) {
  forgive(address);
  bad_.push_back({address, std::move(deed)});
}

void AddressMemory::forgive(const SocketAddress& address) {
  std::erase_if(bad_, [&](const Entry& entry) { return entry.address == address; });
}

const AddressMemory::Entry* AddressMemory::find(const SocketAddress& address) const {
  const auto found =
      std::find_if(bad_.begin(), bad_.end(), [&](const Entry& entry) { return entry.address == address; });
  return found == bad_.end() ? nullptr : &*found;
}

std::size_t AddressMemory::order(std::vector<SocketAddress>& addresses) const {
  const auto firstBad = std::stable_partition(addresses.begin(), addresses.end(),
                                              [this](const SocketAddress& address) { return !isBad(address); });
  // Both entries exist, in one array ordered by time, so comparing their addresses compares their times.
  std::sort(firstBad, addresses.end(),
            [this](const SocketAddress& left, const SocketAddress& right) { return find(left) < find(right); });
  return static_cast<std::size_t>(firstBad - addresses.begin());
}

std::string AddressMemory::describe(const std::vector<SocketAddress>& addresses) const {
  std::string text;
  std::size_t described = 0;
  std::size_t more = 0;
  for (const SocketAddress& address : addresses) {
    const Entry* entry = find(address);
    if (entry == nullptr) continue;
    if (described == kDescribed) {
      ++more;
      continue;
    }
    text += (described++ == 0 ? "" : ", ") + address.text() + " " + entry->deed;
  }
  if (more > 0) text += ", and " + std::to_string(more) + " more failed";
  return text;
}

}  // namespace rcb
