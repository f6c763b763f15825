// What a source of names has seen: the nodes of the ring, as flags write them.

#ifndef IMAGESERVER_MEMBERSHIP_VIEW_H_
#define IMAGESERVER_MEMBERSHIP_VIEW_H_

#include <cstddef>
#include <string>
#include <vector>

#include "imageserver/error.h"

namespace imageserver {

// Names that all satisfy is_peer_name() (base/address.h), sorted, none twice, at most kMaxNames of
// them. Or why they are not known, in a message for the log only: it may hold paths and addresses.
using View = Result<std::vector<std::string>>;

inline constexpr std::size_t kMaxNames = 1024;

// The names in order; an error if one of them is none, or if there are too many. Threads: any.
[[nodiscard]] View make_view(std::vector<std::string> names);

// Threads: any.
[[nodiscard]] Error membership_error(std::string message);

}  // namespace imageserver

#endif  // IMAGESERVER_MEMBERSHIP_VIEW_H_
