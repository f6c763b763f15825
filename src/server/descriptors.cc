#include "server/descriptors.h"

#include <sys/resource.h>

#include <algorithm>
#include <limits>

#include "http/seats.h"

namespace imageserver {
namespace {

// Standard files, listening sockets, signals, directories, etcd, DNS.
constexpr std::size_t kBasis = 10;

// Of an event loop. There is one for each I/O thread, one for membership, and one for signals.
constexpr std::size_t kEachLoop = 3;
constexpr std::size_t kOtherLoops = 2;

// What a renderer takes: the line to it, its files, and what wakes who waits for it.
constexpr std::size_t kEachRenderer = 3;

// Of a directory: two threads that look at its files, each with an event loop and a file.
constexpr std::size_t kEachDirectory = 2 * (kEachLoop + 1);

constexpr std::size_t kFewest = 4;

// With many threads and few descriptors so large a part is for connections all the same: hardly
// ever does every thread use all of its own.
constexpr std::size_t kLeastPart = 4;

}  // namespace

std::size_t connections_for(std::size_t descriptors, const OtherDescriptors& others) {
  const std::size_t kept = kBasis + kEachLoop * (others.io_threads + kOtherLoops) + others.workers +
                           others.origins + kEachDirectory * others.directories +
                           kEachRenderer * (others.renderers + 1) + Seats::kLeaving +
                           Seats::kTurnedAway;
  const std::size_t left = descriptors - std::min(descriptors, kept);
  return std::max({others.peers ? left - left / 4 : left, descriptors / kLeastPart, kFewest});
}

std::size_t descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::numeric_limits<std::size_t>::max();
  return limit.rlim_cur;
}

}  // namespace imageserver
