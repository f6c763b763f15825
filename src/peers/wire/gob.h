// Params as a stream of Go's encoding/gob, which is how a Go node sends them: one value of
// `type Context struct { Params imageserver.Params }`, where Params is a map[string]interface{}.
// Threads: any.

#ifndef IMAGESERVER_PEERS_WIRE_GOB_H_
#define IMAGESERVER_PEERS_WIRE_GOB_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "imageserver/error.h"
#include "params/params.h"

namespace imageserver {

// Limits of decode_gob. A request of ours stays far below them.
inline constexpr std::size_t kMaxGobBytes = 10U << 10U;
inline constexpr std::size_t kMaxGobDepth = 4;     // maps within each other, the outermost included
inline constexpr std::size_t kMaxGobEntries = 64;  // in all maps together

// Integers go as Go's `int`, which is the only kind the Go program reads.
[[nodiscard]] std::string encode_gob(const Params& params);

// Reads exactly what a Go node sends and nothing else: the definitions of the two types, in either
// order and under any numbers, then one value. kBadRequest for values that are neither bool, int,
// int64, float64, string nor Params, for repeated names, for integers longer than they need to be,
// for lengths that are not what they enclose, for bytes left over, and past the limits.
[[nodiscard]] Result<Params> decode_gob(std::string_view stream);

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_WIRE_GOB_H_
