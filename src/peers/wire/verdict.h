// What an error of one of our nodes means to the node that asked.

#ifndef IMAGESERVER_PEERS_WIRE_VERDICT_H_
#define IMAGESERVER_PEERS_WIRE_VERDICT_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "imageserver/error.h"

namespace imageserver {

// kParam, kFile and kOrigin are final: they hold on every node. So does kMemory with the status
// 422: another node would only lose a renderer. The others hold on one node.
enum class PeerVerdict : std::uint8_t {
  kParam,   // the picture, or its watermark, does not allow what is asked for
  kFile,    // the original is not there, or cannot be read
  kOrigin,  // the server that has the original does not give it
  kTime,    // the node had no time left
  kMemory,  // the node had no memory left, or the picture takes more than it may (422)
  kBusy,    // the node has no room
};

// None for an error that says nothing of the request. Threads: any.
[[nodiscard]] std::optional<PeerVerdict> verdict_on(ErrorKind kind);

// The value of kVerdictField. Threads: any.
[[nodiscard]] std::string_view verdict_text(PeerVerdict verdict);

// None if it is no verdict. Takes the text that nodes sent before there were several, too.
// Threads: any.
[[nodiscard]] std::optional<PeerVerdict> parse_verdict(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_WIRE_VERDICT_H_
