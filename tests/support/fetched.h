// Reads an original of a source that blocks.

#ifndef IMAGESERVER_TESTS_SUPPORT_FETCHED_H_
#define IMAGESERVER_TESTS_SUPPORT_FETCHED_H_

#include <stop_token>
#include <string>
#include <utility>

#include "source/source.h"

namespace imageserver::testing {

// REQUIRES: the source blocks.
inline Result<Bytes> fetched(Source& source, std::string name, std::stop_token stop = {}) {
  Result<Bytes> bytes = Error{ErrorKind::kInternal, "nothing was said of it"};
  source.fetch({.name = std::move(name), .known = {}, .deadline = Deadline::max()}, std::move(stop),
               [&bytes](Result<FetchedOriginal> original) {
                 if (original.has_error()) {
                   bytes = original.error();
                 } else {
                   bytes = std::move(original->bytes);
                 }
               });
  return bytes;
}

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_FETCHED_H_
