#include "server/peer_handler.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/printable.h"
#include "groupcache/context_header.h"
#include "groupcache/protobuf.h"
#include "groupcache/value.h"
#include "params/percent.h"
#include "server/await_image.h"
#include "server/error_response.h"
#include "server/frames_field.h"
#include "server/peer_path.h"

namespace imageserver {
namespace {

constexpr std::size_t kMaxShown = 100;

Response bad_request(std::string message) {
  return error_response({ErrorKind::kBadRequest, std::move(message)});
}

struct GroupAndKey {
  std::string group;
  std::string key;
};

// The decoded path after the prefix, split once.
std::optional<GroupAndKey> split_target(std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  const auto decoded = percent_decode(path.substr(kPeerPath.size()), Plus::kIsPlus);
  if (!decoded) return std::nullopt;
  const auto slash = decoded->find('/');
  if (slash == std::string::npos) return std::nullopt;
  return GroupAndKey{decoded->substr(0, slash), decoded->substr(slash + 1)};
}

Response value_response(const Image& image) {
  Response response;
  response.add_field("Content-Type", "application/x-protobuf");
  if (image.frames != Frames{}) response.add_field(kFramesField, frames_text(image.frames));
  response.prefix = encode_get_response_prefix(value_size(image)) +
                    encode_value_prefix(image.format, image.data.size());
  response.body = image.data;
  return response;
}

}  // namespace

PeerHandler::PeerHandler(Group& group, std::chrono::milliseconds timeout)
    : group_(group), timeout_(timeout) {}

Answer PeerHandler::handle(const Request& request) {
  auto asked = split_target(request.target());
  if (!asked) return bad_request("bad request");
  if (asked->group != kGroupName) {
    return error_response(
        {ErrorKind::kNotFound, "no such group: " + printable(asked->group, kMaxShown)});
  }
  group_.count_server_request();

  const std::string_view context = request.header(kContextHeader);
  if (context.empty()) return answer_cached(asked->key);
  Result<Params> params = decode_context_header(context);
  if (params.has_error()) return error_response(params.error());
  return answer(std::move(asked->key), std::move(*params));
}

Answer PeerHandler::answer_cached(const std::string& key) {
  if (const ImagePtr image = group_.lookup(key)) return value_response(*image);
  return bad_request("the key is not cached, and without its params it cannot be loaded");
}

Answer PeerHandler::answer(std::string key, Params params) {
  Result<TransformSpec> spec = validate(params);
  if (spec.has_error()) return error_response(spec.error());
  if (key != params.key()) return bad_request("the key does not belong to the params");

  if (const ImagePtr image = group_.lookup(key)) return value_response(*image);
  return answer_later(std::make_shared<const Query>(Query{.key = std::move(key),
                                                          .params = std::move(params),
                                                          .spec = std::move(*spec),
                                                          .from = Query::From::kPeer,
                                                          .deadline = Clock::now() + timeout_}));
}

Awaitable<Response> PeerHandler::answer_later(QueryPtr query) {
  const Result<ImagePtr> image = co_await await_image(group_, std::move(query));
  if (image.has_error()) co_return error_response(image.error());
  co_return value_response(**image);
}

}  // namespace imageserver
