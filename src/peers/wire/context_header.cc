#include "peers/wire/context_header.h"

#include <optional>

#include "base/base64.h"
#include "peers/wire/gob.h"

namespace imageserver {

std::string encode_context_header(const Params& params) {
  return encode_base64url(encode_gob(params));
}

Result<Params> decode_context_header(std::string_view text) {
  const std::optional<std::string> gob = decode_base64url(text);
  if (!gob) return Error{ErrorKind::kBadRequest, "invalid base64url"};
  return decode_gob(*gob);
}

}  // namespace imageserver
