// The path and group of peer requests, as golang/groupcache has them.

#ifndef IMAGESERVER_SERVER_PEER_PATH_H_
#define IMAGESERVER_SERVER_PEER_PATH_H_

#include <string_view>

namespace imageserver {

inline constexpr std::string_view kPeerPath = "/_groupcache/";
inline constexpr std::string_view kGroupName = "imageserver";

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_PEER_PATH_H_
