#include "groupcache/context_header.h"

#include "groupcache/base64url.h"
#include "groupcache/gob.h"

namespace imageserver {

std::string encode_context_header(const Params& params) {
  return encode_base64url(encode_gob(params));
}

Result<Params> decode_context_header(std::string_view text) {
  const Result<std::string> gob = decode_base64url(text);
  if (!gob) return gob.error();
  return decode_gob(*gob);
}

}  // namespace imageserver
