// The text of a file of peers.

#ifndef IMAGESERVER_MEMBERSHIP_PEERS_TEXT_H_
#define IMAGESERVER_MEMBERSHIP_PEERS_TEXT_H_

#include <string_view>

#include "membership/view.h"

namespace imageserver {

// Names one a line or separated by commas, with blanks around them; empty lines and those that
// begin with `#` say nothing. An error if there is no name, or one that is none: it says in which
// line. Threads: any.
[[nodiscard]] View parse_peers(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_MEMBERSHIP_PEERS_TEXT_H_
