// The text of a file of peers.

#ifndef IMAGESERVER_MEMBERSHIP_PEERS_TEXT_H_
#define IMAGESERVER_MEMBERSHIP_PEERS_TEXT_H_

#include <string_view>

#include "membership/view.h"

namespace imageserver {

// The names stand one a line or separated by commas; blanks around them do not count. Empty lines
// and lines that begin with `#` are skipped. An error if there is no name at all, or if a name is
// no host:port: then it tells the line. Threads: any.
[[nodiscard]] View parse_peers(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_MEMBERSHIP_PEERS_TEXT_H_
