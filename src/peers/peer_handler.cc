#include "peers/peer_handler.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/numbers.h"
#include "base/printable.h"
#include "groupcache/await_image.h"
#include "groupcache/busy.h"
#include "groupcache/original_query.h"
#include "http/error_response.h"
#include "params/invalid_param.h"
#include "params/names.h"
#include "params/percent.h"
#include "params/validate.h"
#include "peers/wire/context_header.h"
#include "peers/wire/frames_field.h"
#include "peers/wire/protobuf.h"
#include "peers/wire/protocol.h"
#include "peers/wire/value.h"
#include "peers/wire/verdict.h"

namespace imageserver {
namespace {

constexpr std::size_t kMaxShown = 100;

Response bad_request(std::string message) {
  return error_response({ErrorKind::kBadRequest, std::move(message)});
}

// The answer to a request whose load failed.
Response failure(const Error& error) {
  Response response = error_response(error);
  if (const auto verdict = verdict_on(error.kind)) {
    response.add_field(kVerdictField, verdict_text(*verdict));
  }
  return response;
}

struct GroupAndKey {
  std::string group;
  std::string key;
};

// What stands behind the prefix of a path, decoded and split at its first slash.
std::optional<GroupAndKey> split_path(std::string_view path) {
  const auto decoded = percent_decode(path.substr(kPeerPath.size()), Plus::kIsPlus);
  if (!decoded) return std::nullopt;
  const auto slash = decoded->find('/');
  if (slash == std::string::npos) return std::nullopt;
  return GroupAndKey{decoded->substr(0, slash), decoded->substr(slash + 1)};
}

// The time that the peer will wait: kDeadlineField, at most `most`. `most` if the request has no
// such field; none if the field is no number.
std::optional<milliseconds> patience(const Request& request, milliseconds most) {
  const std::string_view text = request.header(kDeadlineField);
  if (text.empty()) return most;
  const auto number = parse_whole<std::uint32_t>(text);
  if (!number) return std::nullopt;
  return std::min(most, milliseconds(*number));
}

std::optional<Query::Of> of_group(std::string_view group) {
  if (group == kGroupName) return Query::Of::kPicture;
  if (group == kInfoGroupName) return Query::Of::kDescription;
  if (group == kSourcesGroupName) return Query::Of::kOriginal;
  return std::nullopt;
}

// Names of originals are names of no file: they are not held to the rules of paths.
Result<TransformSpec> spec_of(const Params& params, Query::Of of) {
  if (of != Query::Of::kOriginal) return validate(params);
  std::optional<std::string> name = original_name(params);
  if (!name) return invalid_param(names::kSource, "must be all that is asked for");
  TransformSpec spec;
  spec.source = *std::move(name);
  return spec;
}

Response message_response(const Image& image, std::string_view etag, std::string prefix) {
  Response response;
  response.add_field("Content-Type", "application/x-protobuf");
  response.add_field(kEtagField, etag);
  response.prefix = std::move(prefix);
  response.body = image.data;
  return response;
}

Response picture_response(const Image& image, std::optional<double> minute_qps) {
  Response response = message_response(image, image.etag,
                                       encode_get_response_prefix(value_size(image), minute_qps) +
                                           encode_value_prefix(*image.format, image.data.size()));
  if (image.frames != Frames{}) response.add_field(kFramesField, frames_text(image.frames));
  return response;
}

Response original_response(const Image& image, std::optional<double> minute_qps) {
  return message_response(image, image.etag,
                          encode_get_response_prefix(image.data.size(), minute_qps));
}

Response description_response(const Image& image) {
  Response response;
  response.add_field("Content-Type", "application/json");
  response.body = image.data;
  return response;
}

}  // namespace

PeerHandler::PeerHandler(Groups groups, SignatureGate& gate, std::chrono::milliseconds timeout,
                         Purges purges)
    : groups_(groups), gate_(gate), timeout_(timeout), purges_(std::move(purges)) {}

Answer PeerHandler::handle(const Request& request) {
  Asker asker(request.header(kInterimField) == kInterimVersion,
              parse_versions(request.header(kVersionsField)).value_or(Versions()));
  if (!gate_.admits(request)) {
    return marked(error_response({ErrorKind::kForbidden,
                                  "the signature is missing, wrong, out of time or used already"}),
                  asker);
  }
  if (const Result<void> heard = hear_purges(request); heard.has_error()) {
    return marked(error_response(heard.error()), asker);
  }
  if (purges_.talk) asker.purges = purges_.talk->digest();
  Answer given = answer(request, asker);
  if (auto* const ready = std::get_if<Response>(&given)) return marked(std::move(*ready), asker);
  return given;
}

Answer PeerHandler::answer(const Request& request, Asker& asker) {
  auto asked = split_path(request.path());
  if (!asked) return bad_request("bad request");
  if (asked->group == kPurgesGroupName && purges_.talk) {
    return purges_.talk->answer(asked->key, request);
  }
  const auto of = of_group(asked->group);
  if (!of || find_group(*of) == nullptr) {
    return error_response(
        {ErrorKind::kNotFound, "no such group: " + printable(asked->group, kMaxShown)});
  }
  asker.of = *of;
  const bool is_counted = *of != Query::Of::kDescription && asker.has.empty();
  if (is_counted) group_for(asker).count_server_request();

  const std::string_view context = request.header(kContextHeader);
  if (context.empty()) return answer_cached(asked->key, asker);
  Result<Params> params = decode_context_header(context);
  if (params.has_error()) return error_response(params.error());
  return answer_with_params(request, std::move(asked->key), std::move(*params), asker);
}

// Purges are taken before anything is looked up.
Result<void> PeerHandler::hear_purges(const Request& request) const {
  if (!purges_.talk) return {};
  if (Result<void> heard = purges_.talk->hear(request); heard.has_error()) return heard;
  const std::string_view digest = request.header(kPurgesField);
  if (purges_.heard && purges_.talk->differs(digest)) {
    purges_.heard(std::string(request.header(kFromField)), digest);
  }
  return {};
}

Group* PeerHandler::find_group(Query::Of of) const {
  switch (of) {
    case Query::Of::kPicture:
      return &groups_.pictures;
    case Query::Of::kDescription:
      return &groups_.descriptions;
    case Query::Of::kOriginal:
      return groups_.originals;
  }
  return nullptr;
}

Response PeerHandler::answer_cached(const std::string& key, const Asker& asker) {
  if (const ImagePtr image = group_for(asker).lookup(key).image) {
    return body_response(key, *image, asker);
  }
  return bad_request("the key is not cached, and without its params it cannot be loaded");
}

Answer PeerHandler::answer_with_params(const Request& request, std::string key, Params params,
                                       const Asker& asker) {
  Result<TransformSpec> spec = spec_of(params, asker.of);
  if (spec.has_error()) return error_response(spec.error());
  if (key != params.key()) return bad_request("the key does not belong to the params");
  const auto time = patience(request, timeout_);
  if (!time) return bad_request("the deadline must be a number of milliseconds");

  Group& group = group_for(asker);
  auto query = std::make_shared<const Query>(Query{.key = std::move(key),
                                                   .params = std::move(params),
                                                   .spec = std::move(*spec),
                                                   .from = Query::From::kPeer,
                                                   .of = asker.of,
                                                   .deadline = Clock::now() + *time});
  const Group::Looked looked =
      group.lookup(query->key, asker.has.empty() ? Group::Counted::kYes : Group::Counted::kNo);
  if (looked.wants_look) group.look(query);
  if (looked.image) return value_response(*query, *looked.image, asker);
  if (!asker.has.empty() && group.has_versions(query->spec, asker.has)) {
    return unchanged_response(*query, asker);
  }
  // A question that has a picture made is a request like any other.
  if (!asker.has.empty() && !looked.is_unsure) {
    group.count_server_request();
    static_cast<void>(group.lookup(query->key));
  }
  const bool may_decline = request.header(kMayDeclineField) == kMayDecline;
  if (may_decline && group.would_wait(*query)) return failure(busy());
  // A load that cannot end in time is not begun.
  if (*time <= milliseconds(0)) return failure({ErrorKind::kDeadlineExceeded, "out of time"});
  using Meanwhile = Later::Meanwhile;
  return Later(answer_later(std::move(query), asker, looked.is_unsure),
               asker.takes_interim ? Meanwhile::kProcessing : Meanwhile::kNothing);
}

Awaitable<Response> PeerHandler::answer_later(QueryPtr query, Asker asker, bool is_unsure) {
  const Result<ImagePtr> image = co_await await_image(group_for(asker), query, is_unsure);
  if (image.has_error()) co_return marked(failure(image.error()), asker);
  co_return marked(value_response(*query, **image, asker), asker);
}

Response PeerHandler::value_response(const Query& query, const Image& image,
                                     const Asker& asker) const {
  if (image.made_of.empty()) return body_response(query.key, image, asker);
  if (image.made_of == asker.has) return unchanged_response(query, asker);
  Response response = body_response(query.key, image, asker);
  add_freshness(response, query, image.made_of, asker);
  return response;
}

Response PeerHandler::unchanged_response(const Query& query, const Asker& asker) const {
  Response response;
  response.status = 304;
  add_freshness(response, query, asker.has, asker);
  return response;
}

void PeerHandler::add_freshness(Response& response, const Query& query, const Versions& versions,
                                const Asker& asker) const {
  response.add_field(kVersionsField, versions_text(versions));
  const auto fresh_for = group_for(asker).fresh_for(query.spec, versions);
  if (!fresh_for) return;
  response.add_field(kFreshField, *fresh_for < milliseconds(0)
                                      ? std::string(kOutdated)
                                      : std::to_string(fresh_for->count()));
}

Response PeerHandler::body_response(std::string_view key, const Image& image,
                                    const Asker& asker) const {
  const std::optional<double> minute_qps = group_for(asker).minute_qps(key);
  switch (asker.of) {
    case Query::Of::kPicture:
      return picture_response(image, minute_qps);
    case Query::Of::kDescription:
      return description_response(image);
    case Query::Of::kOriginal:
      return original_response(image, minute_qps);
  }
  return {};
}

Response PeerHandler::marked(Response response, const Asker& asker) const {
  response.add_field(kRingField, groups_.pictures.fingerprint());
  response.add_field(kSettingsField, groups_.pictures.settings());
  if (!asker.purges.empty()) response.add_field(kPurgesField, asker.purges);
  if (asker.takes_interim) response.add_field(kInterimField, kInterimVersion);
  return response;
}

}  // namespace imageserver
