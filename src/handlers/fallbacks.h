// Originals that stand in for those that are missing or cannot be read.

#ifndef IMAGESERVER_HANDLERS_FALLBACKS_H_
#define IMAGESERVER_HANDLERS_FALLBACKS_H_

#include <string>

#include "base/prefix_map.h"
#include "groupcache/loader.h"
#include "imageserver/error.h"

namespace imageserver {

struct Fallbacks {
  // The names of the originals, by the beginnings of the paths that they stand in for.
  PrefixMap<std::string> sources;

  // Of an answer with one: 404 or 200.
  unsigned status = 404;
};

// The query for what is answered in the place of `failed`: the same of another original. Null if
// there is none, or if the error is not that of an original: the request is at fault, the time is
// over, or the server is busy. Threads: any.
[[nodiscard]] QueryPtr fallback_query(const Fallbacks& fallbacks, const Query& failed,
                                      const Error& error);

}  // namespace imageserver

#endif  // IMAGESERVER_HANDLERS_FALLBACKS_H_
