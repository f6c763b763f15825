// Reduces an Accept header to one of five classes before a key is made. So the cache holds one
// picture for each class, not one for each browser.

#ifndef IMAGESERVER_PARAMS_ACCEPTED_FORMATS_H_
#define IMAGESERVER_PARAMS_ACCEPTED_FORMATS_H_

#include <array>
#include <string_view>

#include "params/choice.h"
#include "params/params.h"
#include "params/transform_spec.h"

namespace imageserver {

// The classes, as the entry names::kAccept of a map writes them.
inline constexpr auto kAcceptClasses = std::to_array<Choice<AutoFormat>>({
    {"none", {}},
    {"webp", {.webp = true}},
    {"avif", {.avif = true}},
    {"avif,webp", {.avif = true, .webp = true}},
    {"webp,avif", {.avif = true, .webp = true, .webp_first = true}},
});

// Of an Accept header (RFC 9110, section 12.5.1; empty: there is none). A format counts as taken if
// it is named, its q is above 0 and not below that of JPEG (named, or by `image/*` or `*/*`):
// wildcards alone say nothing of newer formats. Of two that are taken the one of higher q comes
// first, AVIF if they are equal. What cannot be read is passed over; of a type that is named twice
// the first counts. Threads: any.
[[nodiscard]] AutoFormat accepted_formats(std::string_view accept);

// Whether the map asks for `format=auto`.
[[nodiscard]] bool asks_for_auto_format(const Params& params);

// The same map with the class of the client in it, as names::kAccept: `avif,webp`, `webp,avif`,
// `avif`, `webp` or `none`. REQUIRES: asks_for_auto_format(params).
[[nodiscard]] Params with_accepted(const Params& params, const AutoFormat& accepted);

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_ACCEPTED_FORMATS_H_
