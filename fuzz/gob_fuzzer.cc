// What a peer may send as the context: the gob stream, and the text of the header around it.

#include <optional>
#include <string>

#include "base/base64.h"
#include "check.h"
#include "params/validate.h"
#include "peers/wire/gob.h"

namespace imageserver::fuzz {
namespace {

void run_base64url(std::string_view text) {
  const std::optional<std::string> bytes = decode_base64url(text);
  if (bytes) check(encode_base64url(*bytes) == text, "base64url has one spelling");
}

// Compares texts, as a NaN is not equal to itself.
void run_gob(std::string_view stream) {
  const Result<Params> params = decode_gob(stream);
  if (!params) return;
  const Result<Params> again = decode_gob(encode_gob(*params));
  check(again.has_value() && again->text() == params->text(), "params come back");
  static_cast<void>(validate(*params));
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = imageserver::fuzz::as_text(data, size);
  imageserver::fuzz::run_base64url(input);
  imageserver::fuzz::run_gob(input);
  return 0;
}
