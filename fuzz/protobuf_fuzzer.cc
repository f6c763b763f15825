// A peer's answer: the protobuf message and the value in it.

#include <functional>
#include <string>

#include "check.h"
#include "peers/wire/protobuf.h"
#include "peers/wire/value.h"

namespace imageserver::fuzz {
namespace {

bool lies_within(std::string_view inner, std::string_view outer) {
  const std::less_equal<> before;
  return inner.empty() || (before(outer.data(), inner.data()) &&
                           before(inner.data() + inner.size(), outer.data() + outer.size()));
}

void run_value(std::string_view value) {
  const Result<ValueView> parts = decode_value(value);
  if (!parts) return;
  check(lies_within(parts->data, value), "the data is a part of the value");
  const std::string prefix = encode_value_prefix(parts->format, parts->data.size());
  check(prefix + std::string(parts->data) == value, "a value has one spelling");
}

void run(std::string_view message) {
  run_value(message);
  const Result<GetResponse> response = decode_get_response(message);
  if (!response) return;
  check(lies_within(response->value, message), "the value is a part of the message");
  run_value(response->value);
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  imageserver::fuzz::run(imageserver::fuzz::as_text(data, size));
  return 0;
}
