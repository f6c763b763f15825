// What a renderer is asked for, as bytes, in both directions.

#include <cstdint>

#include "check.h"
#include "render/wire/messages.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace imageserver;
  const auto bytes = fuzz::as_text(data, size);
  if (const auto job = decoded_value<RenderJob>(bytes))
    fuzz::check(encoded_value(*job) == bytes, "a job has one spelling");
  return 0;
}
