// Any bytes, in packets of any size, through what an answer is read with: from a peer, or from
// etcd. The first byte chooses the packets' size.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check.h"
#include "http/response_reader.h"

namespace imageserver::fuzz {
namespace {

constexpr std::size_t kHeadBytes = 4096;
constexpr std::size_t kMaxBody = 10'000;

ResponseReader::State feed(ResponseReader& reader, std::string_view& bytes, std::size_t step) {
  const auto space = reader.space();
  check(!space.empty(), "there is room for the next bytes");
  const std::size_t size = std::min({step, bytes.size(), space.size()});
  std::copy_n(bytes.begin(), size, space.begin());
  bytes.remove_prefix(size);
  return reader.commit(size);
}

void check_response(const ClientResponse& response) {
  check(response.status >= 200, "an interim answer is none");
  check(response.body.size() <= kMaxBody, "a body keeps to its limit");
  for (const auto& [name, value] : response.fields) {
    check(!name.empty(), "a field has a name");
    check(value.find('\n') == std::string::npos, "a value is one line");
  }
}

void run(std::string_view bytes, std::size_t step, ResponseReader::Interim interim) {
  std::vector<char> buffer(kHeadBytes + 1024);
  std::optional<ResponseReader> reader(std::in_place, buffer, kHeadBytes, kMaxBody, nullptr,
                                       interim);
  auto state = ResponseReader::State::kNeedMore;
  while (state == ResponseReader::State::kInterim ||
         (state == ResponseReader::State::kNeedMore && !bytes.empty())) {
    if (state == ResponseReader::State::kInterim) {
      const std::size_t rest = reader->rest();
      reader.emplace(buffer, kHeadBytes, kMaxBody, nullptr, interim);
      state = reader->commit(rest);
    } else {
      state = feed(*reader, bytes, step);
    }
  }
  if (state == ResponseReader::State::kNeedMore) state = reader->end();
  if (state == ResponseReader::State::kDone) {
    check_response(reader->take());
  } else {
    check(!reader->error().empty(), "an error says what is wrong");
  }
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t step = std::size_t{data[0]} * 16 + 1;
  const std::string_view bytes = imageserver::fuzz::as_text(data + 1, size - 1);
  using Interim = imageserver::ResponseReader::Interim;
  imageserver::fuzz::run(bytes, step, Interim::kRefused);
  imageserver::fuzz::run(bytes, step, Interim::kTaken);
  return 0;
}
