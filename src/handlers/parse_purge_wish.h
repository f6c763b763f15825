// What a request to purge asks for. Threads: free functions, callable from any.

#ifndef IMAGESERVER_HANDLERS_PARSE_PURGE_WISH_H_
#define IMAGESERVER_HANDLERS_PARSE_PURGE_WISH_H_

#include <string_view>

#include "handlers/purger.h"
#include "imageserver/error.h"

namespace imageserver {

// The wish of a JSON object with one of `"source": PATH`, `"prefix": PATH` and `"all": true`, and
// perhaps with `"soft": true or false` and `"id": ID`. A path is written as in a URL, with a slash
// in front and without a query. kInvalidParam or kBadRequest for anything else; kNotFound for a
// path that no picture can have.
[[nodiscard]] Result<PurgeWish> parse_purge_wish(std::string_view json);

// The wish for the original that the path of a request names. Errors are as above.
[[nodiscard]] Result<PurgeWish> purge_wish_of(std::string_view path);

}  // namespace imageserver

#endif  // IMAGESERVER_HANDLERS_PARSE_PURGE_WISH_H_
