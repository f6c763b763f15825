// Any bytes, in packets of any size, through what a connection reads its requests with. The first
// byte chooses the packets' size, and how long a body may be.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/request_reader.h"

namespace {

using imageserver::RequestReader;

// Touches every view, so that a sanitizer sees one that points nowhere.
std::size_t look_at(const imageserver::Request& request) {
  std::size_t sum = 0;
  for (const char c : request.target()) sum += static_cast<unsigned char>(c);
  for (const auto& field : request.fields()) {
    for (const char c : field.name) sum += static_cast<unsigned char>(c);
    for (const char c : field.value) sum += static_cast<unsigned char>(c);
  }
  for (const char c : request.body()) sum += static_cast<unsigned char>(c);
  return sum + request.header("Host").size();
}

void check(bool holds) {
  if (!holds) __builtin_trap();
}

void check_request(const RequestReader& reader) {
  const auto& request = reader.request();
  look_at(request);
  const bool is_known = request.method() != imageserver::Method::kOther;
  if (is_known) check(request.target().starts_with('/'));
  check(request.target().size() <= imageserver::HeadLimits{}.target_bytes + 1);
}

void take(RequestReader& reader, std::size_t most) {
  check_request(reader);
  check(reader.request().body().empty());
  reader.take(most);
  if (reader.waits_for_continue()) check(reader.is_in_body());
}

void feed(RequestReader& reader, std::string_view& bytes, std::size_t step) {
  const auto space = reader.space();
  check(!space.empty());
  const std::size_t size = std::min({step, bytes.size(), space.size()});
  std::copy_n(bytes.begin(), size, space.begin());
  reader.commit(size);
  bytes.remove_prefix(size);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t step = std::size_t{data[0]} * 16 + 1;
  const std::size_t most = std::size_t{data[0]} % 4 * 100;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  RequestReader reader{imageserver::HeadLimits{}};
  while (true) {
    switch (reader.next()) {
      case RequestReader::State::kError:
        check(reader.error().status >= 400 && reader.error().status <= 501);
        return 0;
      case RequestReader::State::kHead:
        take(reader, most);
        break;
      case RequestReader::State::kRequest:
        check_request(reader);
        check(reader.request().body().size() <= most);
        reader.consume();
        break;
      case RequestReader::State::kNeedMore:
        if (bytes.empty()) return 0;
        feed(reader, bytes, step);
        break;
    }
  }
}
