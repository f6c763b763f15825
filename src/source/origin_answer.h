// What the answer of an origin means to those who asked for the original.

#ifndef IMAGESERVER_SOURCE_ORIGIN_ANSWER_H_
#define IMAGESERVER_SOURCE_ORIGIN_ANSWER_H_

#include "imageserver/error.h"
#include "source/http_hop.h"
#include "source/source.h"

namespace imageserver {

// Whether the answer leads elsewhere.
[[nodiscard]] bool is_redirect(const HopAnswer& answer);

// The original, or why there is none. Takes the answer's body. `known`: what was asked for besides.
// REQUIRES: no redirect. Threads: any.
[[nodiscard]] Result<FetchedOriginal> original_of(HopAnswer& answer, const Validators& known);

// The error for an original of which no byte, or not all, came in time. Threads: any.
[[nodiscard]] Error origin_late();

// The error for what an origin does that it must not do. Threads: any.
[[nodiscard]] Error origin_at_fault();

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_ORIGIN_ANSWER_H_
